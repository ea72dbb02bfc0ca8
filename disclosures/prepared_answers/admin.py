"""Prepared answers in the admin, each with its texts in every language of the site."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.editing.admin_base import ChosenRowsAdmin
from disclosures.models import AnswerTemplate, InquiryKind
from disclosures.prepared_answers.actions import write_template
from disclosures.prepared_answers.queries import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    PLACEHOLDERS,
    in_language,
    unknown_placeholders,
)
from privacycenter.http.declared_views import NOBODY
from privacycenter.text.languages import name_of, page_language, site_languages
from privacycenter.text.legible import validate_legible


def validate_placeholders(text: str) -> None:
    """A validator of the text of a prepared answer."""
    if unknown := unknown_placeholders(text):
        told = {"unknown": " ".join(unknown), "known": " ".join(f"{{{name}}}" for name in PLACEHOLDERS)}
        raise forms.ValidationError(_("Nothing fills in %(unknown)s. Possible are %(known)s.") % told)


class AnswerTemplateForm(forms.ModelForm[AnswerTemplate]):
    """One prepared answer. A title and a text for each language are added by ``form_for_languages``."""

    class Meta:
        model = AnswerTemplate
        fields = ("code", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in ("title", "text"):
            texts = getattr(self.instance, f"{part}s")
            self.initial.update({f"{part}_{language}": texts.get(language, "") for language in site_languages()})

    def texts_of(self, part: str) -> dict[str, str]:
        written = {language: self.cleaned_data.get(f"{part}_{language}", "").strip() for language in site_languages()}
        return {language: text.replace("\r\n", "\n") for language, text in written.items() if text}


def form_for_languages() -> type[AnswerTemplateForm]:
    added: dict[str, Any] = {}
    for language in site_languages():
        is_required = language == settings.LANGUAGE_CODE
        added[f"title_{language}"] = forms.CharField(
            label=_("Title (%(language)s)") % {"language": name_of(language)}, max_length=LONGEST_TITLE,
            widget=forms.TextInput(attrs={"lang": language, "class": "vTextField"}),
            required=is_required,
        )  # fmt: skip
        added[f"text_{language}"] = forms.CharField(
            label=_("Text (%(language)s)") % {"language": name_of(language)}, max_length=LONGEST_TEXT,
            validators=[validate_legible, validate_placeholders],
            widget=forms.Textarea(attrs={"lang": language, "rows": 10, "class": "vLargeTextField"}),
            help_text=_(
                "{reference}, {name} and {due} are filled in for each request. What has to be written each time stands "
                "in [[double brackets]]: as long as one is left, the answer is not sent."
            ),
            required=is_required,
        )  # fmt: skip
    return type("AnswerTemplateForm", (AnswerTemplateForm,), added)


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(ChosenRowsAdmin):
    shows = NOBODY
    list_display = ("title", "kind_words", "code")
    list_per_page = 100

    @admin.display(description=gettext_lazy("title"))
    def title(self, template: AnswerTemplate) -> str:
        return in_language(template.titles, page_language()) or template.code

    @admin.display(description=gettext_lazy("for which requests"))
    def kind_words(self, template: AnswerTemplate) -> str:
        return str(InquiryKind(template.kind).label) if template.kind else _("all requests")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        parts = [f"{part}_{language}" for language in site_languages() for part in ("title", "text")]
        return ["code", "kind", *parts]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=form_for_languages(), **kwargs)

    def save_model(self, request: HttpRequest, obj: AnswerTemplate, form: Any, change: bool) -> None:
        obj.titles, obj.texts = form.texts_of("title"), form.texts_of("text")
        write_template(template=obj)
