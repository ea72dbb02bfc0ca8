"""Form of the pages that change the order of entries."""

from dataclasses import asdict, dataclass

from django import forms
from django.http import QueryDict


@dataclass(frozen=True)
class RequestedMove:
    """One entry and where to move it; the arguments of ``disclosures.arranging.actions.arrange_page``."""

    kind: str
    code: str
    to: str
    section: str
    seen: str

    def asdict(self) -> dict[str, str]:
        return asdict(self)


class MoveForm(forms.Form):
    """The pressed button: ``kind:code:up``, ``…:down``, ``…:2`` (an index), or ``…:into`` with the section chosen
    beside it.

    A drag sends the index, and the section in ``section``.
    """

    move = forms.RegexField(r"^[a-z_]{1,20}:[A-Za-z0-9_-]{1,60}:(up|down|into|[0-9]{1,4})\Z")
    seen = forms.RegexField(r"^[0-9a-f]{64}\Z")
    section = forms.SlugField(max_length=60, required=False)

    def as_move(self, sent: QueryDict) -> RequestedMove:
        kind, code, to = self.cleaned_data["move"].split(":")
        section = self.cleaned_data["section"]
        if to == "into":
            section, to = sent.get(f"into:{kind}:{code}", ""), ""
        return RequestedMove(kind, code, to, section, self.cleaned_data["seen"])
