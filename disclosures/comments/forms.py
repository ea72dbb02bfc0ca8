"""Forms of comments, and what a content form shows of them beside its fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.comments.fields import LONGEST_COMMENT, comment_fields
from disclosures.comments.queries import Thread, entry_threads, thread_page
from disclosures.models import CommentMails
from privacycenter.models import User


class CommentForm(forms.Form):
    """A comment. ``about``: the thread or comment that it is for, so that fields have own names."""

    text = forms.CharField(
        label=_("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea({"rows": 3}),
        help_text=_("@ and a user name tells that colleague: @sato."),
        error_messages={"required": _("Write something, or leave it.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, about: str, label: Any = None, initial: str = "") -> None:
        super().__init__(data, auto_id=f"{about}-%s", initial={"text": initial})
        if label:
            self.fields["text"].label = label


class CommentMailForm(forms.Form):
    wanted = forms.ChoiceField(
        label=_("When are you told of comments by mail?"), choices=CommentMails.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip


@dataclass(frozen=True)
class FieldComments:
    """What stands below a field of a content form: its threads, and the page where they are written in."""

    address: str
    threads: list[Thread]

    @property
    def open_count(self) -> int:
        return sum(1 for thread in self.threads if not thread.is_resolved)


def mark_comments(form: forms.ModelForm[Any], kind: str, code: str, by: User) -> None:
    """Attach to each field of the form what colleagues say about it. SQL as ``entry_threads``."""
    threads, known = entry_threads(kind, code, by), comment_fields(kind)
    for name, its_field in form.fields.items():
        if name in known and not its_field.widget.is_hidden:
            address = thread_page(kind, code, name)
            its_field.comments = FieldComments(address, threads.get(name, []))  # type: ignore[attr-defined]
