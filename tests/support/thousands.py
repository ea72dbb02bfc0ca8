"""Ten thousand recipients in the working copy, made at once: what a large operator has."""

from django.utils import timezone

from disclosures.content.working_copy import entry_of
from disclosures.models import Country, Recipient, Revision, SearchText
from disclosures.writing.search_texts import search_text

MANY = 10_000


def add_recipients(count: int = MANY) -> None:
    """A quarter of them abroad, every second one without an English name."""
    countries = [*Country.objects.filter(code__in=["JP", "US"]).order_by("code")]
    rows = [
        Recipient(
            code=f"clinic-{number:05}", title=f"第{number}クリニック", country=countries[number % 4 == 0],
            i18n={"title_en": f"Clinic No. {number}"} if number % 2 else {}, business="医療",
            address=f"東京都千代田区丸の内{number}", contact=f"privacy@clinic-{number}.example", position=1_000 + number,
            measures_unknown="確認しています。" if number % 4 == 0 else "",
        )
        for number in range(count)
    ]  # fmt: skip
    Recipient.objects.bulk_create(rows)
    texts = [search_text("recipients", row.code, entry_of(row)) for row in rows]
    SearchText.objects.bulk_create(texts)
    Revision.objects.create(
        kind="recipients", code=rows[0].code, before=None, after=entry_of(rows[0]), changed_at=timezone.now()
    )
