"""Prepared answers: which are offered for a request, and their text with its placeholders filled in."""

import re

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format

from disclosures.models import AnswerTemplate, Inquiry, InquiryKind
from privacycenter.http.key_addresses import key_in
from privacycenter.text.languages import page_language, speaking

# What stands in a text in curly brackets, and is filled in for each request.
PLACEHOLDERS = ("reference", "name", "due")
IN_BRACKETS = re.compile(r"\{([^{}]*)\}")
# What stands in double brackets says what an officer has to write there; an answer with such a hint is not sent.
HINT = re.compile(r"\[\[.*?\]\]", re.DOTALL)
LONGEST_TITLE, LONGEST_TEXT = 100, 4_000


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in curly brackets and is no placeholder, each once, as it is written."""
    return list(dict.fromkeys(f"{{{name}}}" for name in IN_BRACKETS.findall(text) if name not in PLACEHOLDERS))


def hints_left(text: str) -> list[str]:
    """Return the hints that nobody has replaced yet, as they are written."""
    return HINT.findall(text)


def in_language(texts: dict[str, str], language: str) -> str:
    """Return the text in this language, or in the site's first one."""
    return texts.get(language) or texts.get(settings.LANGUAGE_CODE) or ""


def offered_templates(kind: InquiryKind) -> list[tuple[int, str]]:
    """Return key and title, in the language of the page, of the answers for this kind. One SQL statement."""
    found = AnswerTemplate.objects.filter(Q(kind=kind) | Q(kind=None)).order_by("kind", "code")
    return [(one.pk, in_language(one.titles, page_language()) or one.code) for one in found]


def answer_from(key: str, inquiry: Inquiry) -> str:
    """Return a prepared answer in the language of the request, filled in; empty if there is none. One SQL statement.

    The standing of the request must already be fetched.
    """
    pk = key_in(key)
    template = AnswerTemplate.objects.filter(pk=pk).first() if pk is not None else None
    return filled(in_language(template.texts, inquiry.language), inquiry) if template else ""


def filled(text: str, inquiry: Inquiry) -> str:
    with speaking(inquiry.language):
        due = date_format(inquiry.standing.due_on, "DATE_FORMAT")
    values = {"reference": inquiry.reference, "name": inquiry.name, "due": due}
    return IN_BRACKETS.sub(lambda found: values.get(found[1], found[0]), text)
