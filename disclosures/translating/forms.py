"""Forms of the translations' pages: what to list, a file from a translator, and what was compared."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from disclosures.content.entries import title_in
from disclosures.content.publications import Document
from disclosures.content.texts import Place
from disclosures.content.working_copy import MODELS
from disclosures.translating.actions import Translation
from disclosures.translating.comparing import Proposed
from disclosures.translating.returned import LARGEST_FILE, LARGEST_TOLD
from disclosures.translating.units import Wanted
from privacycenter.canonical import sha256_of
from privacycenter.text.languages import name_of, other_languages

SALT = "disclosures.translations"
COMPARED_FOR_SECONDS = 60 * 60
# Django refuses form data of more than 2.5 MB before reading it.
LARGEST_COMPARED = 2_000_000


def language_choices() -> list[tuple[str, str]]:
    return [(code, name_of(code)) for code in other_languages()]


class TranslationFilter(forms.Form):
    """Which translations a list or a file has. What makes no sense in the address counts as not said."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    wanted = forms.ChoiceField(label=_("Translations"), choices=Wanted.choices, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    on_page = forms.ChoiceField(label=_("Page"), required=False)

    def __init__(self, data: Any, document: Document, language: str) -> None:
        """``language``: the one to list if none is said."""
        super().__init__({**{name: data.get(name, "") for name in self.base_fields}})
        every = [("", capfirst(str(_("all"))))]
        kinds = [(kind, capfirst(str(model._meta.verbose_name_plural))) for kind, model in MODELS.items()]
        pages = [(code, title_in(entry, code)) for code, entry in document["pages"].items()]
        choices = {"language": language_choices(), "kind": [*every, *kinds], "on_page": [*every, *pages]}
        for name, offered in choices.items():
            self.choosable(name).choices = offered
        self.asked = {"language": language, "wanted": Wanted.OPEN.value, "kind": "", "on_page": ""}
        for name in self.asked:
            value = self.data[name]
            if value and self.choosable(name).valid_value(value):
                self.asked[name] = value
        self.data = self.asked

    def choosable(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the types
        return field

    @property
    def wanted_units(self) -> dict[str, Any]:
        """What ``queries.units_wanted`` takes."""
        return {**self.asked, "wanted": Wanted(self.asked["wanted"])}


class TranslationFileForm(forms.Form):
    """A file from a translator."""

    language = forms.ChoiceField(label=_("Language of the translations"), choices=language_choices)
    file = forms.FileField(
        label=_("XLIFF or CSV file"),
        help_text=_("At most 5 MiB, as it was downloaded here and then translated. Nothing is changed yet."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.csv,application/xliff+xml,text/csv"}),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            told = _("The file is larger than %(limit)s. Split it.")
            raise ValidationError(told, params={"limit": LARGEST_TOLD})
        content: bytes = file.read()
        return content


def compared_token(language: str, proposed: list[Proposed]) -> str:
    """Sign what a file would change, with what it was compared with, so that only that is taken."""
    units = [[one.id, one.words, one.text.source_sha256, sha256_of(one.now), bool(one.doubts)] for one in proposed]
    return signing.dumps({"language": language, "units": units}, salt=SALT, compress=True)


class TakeForm(forms.Form):
    """What the page of a compared file sends back. ``doubtful``: also what is taken only when that is chosen."""

    compared = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST_COMPARED, strip=False)
    doubtful = forms.BooleanField(required=False)

    def clean_compared(self) -> dict[str, Any]:
        try:
            sent: dict[str, Any] = signing.loads(self.cleaned_data["compared"], salt=SALT, max_age=COMPARED_FOR_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError(_("This was compared too long ago, or changed. Upload the file again.")) from error
        return sent

    def translations(self) -> list[Translation]:
        """Return what is to be taken."""
        with_doubtful = self.cleaned_data["doubtful"]
        return [
            Translation(place_named(name), words, source, target)
            for name, words, source, target, is_doubtful in self.cleaned_data["compared"]["units"]
            if with_doubtful or not is_doubtful
        ]


class ConfirmForm(forms.Form):
    """That a translation is still right. ``seen``: the hash of the Japanese that its editor saw."""

    text = forms.CharField(max_length=300)
    language = forms.ChoiceField(choices=language_choices)
    seen = forms.CharField(max_length=64)

    def clean_text(self) -> Place:
        place = place_named(self.cleaned_data["text"])
        if place.kind not in MODELS or not place.field:
            raise ValidationError(_("There is no such text."))
        return place


def place_named(name: str) -> Place:
    kind, code, field, inside = [*name.split("/", 3), "", "", ""][:4]
    return Place(kind, code, field, inside)
