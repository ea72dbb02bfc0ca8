"""Writing prepared answers: one at the desk, or those of a file that are not here yet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction

from disclosures.models import AnswerTemplate, InquiryKind
from disclosures.prepared_answers.queries import LONGEST_TEXT, LONGEST_TITLE, unknown_placeholders
from privacycenter.errors import InvalidValue


@transaction.atomic
def write_template(*, template: AnswerTemplate) -> AnswerTemplate:
    """Save a prepared answer.

    Raises InvalidValue without a title or text in the site's first language, for one that is too long, and for a
    placeholder that nothing fills in.
    """
    if not template.titles.get(settings.LANGUAGE_CODE, "").strip():
        raise InvalidValue("A title is needed in the first language of the site.", "titles")
    if not template.texts.get(settings.LANGUAGE_CODE, "").strip():
        raise InvalidValue("A text is needed in the first language of the site.", "texts")
    if any(len(title) > LONGEST_TITLE for title in template.titles.values()):
        raise InvalidValue("A title has at most 100 characters.", "titles")
    if any(len(text) > LONGEST_TEXT for text in template.texts.values()):
        raise InvalidValue("A text has at most 4,000 characters.", "texts")
    if unknown := [name for text in template.texts.values() for name in unknown_placeholders(text)]:
        raise InvalidValue(f"Nothing fills in {', '.join(unknown)}.", "texts")
    template.save()
    return template


@transaction.atomic
def load_templates(*, entries: Iterable[dict[str, Any]]) -> int:
    """Write the prepared answers whose codes are not here yet; those that are here stay. Returns how many.

    An entry has ``code``, ``kind`` (a code, or none for all kinds), ``titles`` and ``texts``. Raises InvalidValue for a
    kind that there is not, and as ``write_template``.
    """
    here = set(AnswerTemplate.objects.values_list("code", flat=True))
    new = [entry for entry in entries if entry["code"] not in here]
    for entry in new:
        kind = InquiryKind.from_code(entry.get("kind") or "")
        if entry.get("kind") and kind is None:
            raise InvalidValue(f"There is no kind of request “{entry['kind']}”.", "kind")
        template = AnswerTemplate(code=entry["code"], kind=kind, titles=entry["titles"], texts=entry["texts"])
        write_template(template=template)
    return len(new)
