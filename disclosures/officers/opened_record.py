"""What an officer reads of a person's disclosures: those that the look-up is about."""

from dataclasses import dataclass

from django.db.models import Q

from disclosures.models import Ground
from disclosures.public.titles import Names
from disclosures.record.disclosure_list import DisclosureList, disclosure_list
from disclosures.record.effective_record import Combination, CorrectedRecord, combinations, corrected_record
from disclosures.record.filters import Filters, condition
from disclosures.record.recipient_summaries import RecipientSummary, summaries_of
from disclosures.record.scopes import Scope, matter_of
from privacycenter.models import User

Options = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class OpenedRecord:
    """``recipients``: summed up, most recent first. ``options``: filter → (code, title) of what occurs."""

    record: CorrectedRecord
    names: Names
    matter: Q
    recipients: list[RecipientSummary]
    options: Options

    def filtered(self, filters: Filters, cursor: str = "") -> DisclosureList:
        """Return one page of the disclosures. At most three SQL statements.

        Without filters also those that a correction took out of what the look-up is about, or out of the record.
        """
        if filters.is_empty:
            rows = self.record.about(self.matter) if self.matter else self.record.reported
        else:
            rows = self.record.matching(condition(self.record, filters, self.names) & self.matter)
        return disclosure_list(self.record.person, self.names, matching=rows, cursor=cursor, for_officers=True)


def opened_record(person: User, scope: Scope, names: Names) -> OpenedRecord:
    """Return what the look-up opens. One SQL statement, besides those of ``matter_of``."""
    record, matter = corrected_record(person), matter_of(scope, person)
    found = combinations(record, matter)
    return OpenedRecord(record, names, matter, summaries_of(found, names), options_of(found, names))


def options_of(found: list[Combination], names: Names) -> Options:
    codes = {
        "recipient": {one.recipient: names.recipient(one.recipient).text for one in found},
        "service": {one.service: names.service(one.service).text for one in found},
        "scenario": {one.scenario: names.scenario(one.scenario).text for one in found},
        "ground": {Ground(one.ground).code: str(Ground(one.ground).label_for(officers=True)) for one in found},
    }
    return {name: sorted(titles.items(), key=lambda pair: pair[1]) for name, titles in codes.items()}
