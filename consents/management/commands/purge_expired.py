"""manage.py purge_expired [--dry-run]: remove rows at the end of their retention."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from consents.asking.idempotency import purge_idempotency_keys
from consents.asking.retention import old_requests, old_rules, purge_ended_counts, purge_requests, purge_rules
from consents.authorities.retention import old_packs
from consents.exports.retention import old_exports
from consents.feed.retention import old_feed, purge_feed
from consents.incidents.retention import old_tellings
from consents.models import Export, IncidentNotice, Mailing, Preference
from consents.notices.retention import old_mailings, old_notices, old_preferences, purge_notices
from consents.question_log.retention import old_questions, purge_question_totals, purge_questions
from consents.recalls.retention import old_recalls, purge_recalls
from consents.webhooks.retention import FED_FOR, old_deliveries, purge_deliveries
from disclosures.affected.retention import old_listings
from disclosures.bulk_uploads.retention import purge_uploads
from disclosures.consuming.retention import purge_refused_messages
from disclosures.inquiries.retention import old_inquiries, purge_inquiries
from disclosures.ledger.retention import (
    Removed,
    old_accesses,
    old_disclosures,
    old_lookups,
    old_rejected,
    purge_accesses,
    purge_disclosures,
    purge_lookups,
    purge_practice,
    purge_rejected,
    purge_rows,
)
from disclosures.models import AffectedPerson, AuthorityPack, Reporter
from disclosures.one_time.retention import old_handovers, purge_handovers
from disclosures.open_forms.retention import purge_open_forms
from disclosures.recipients.retention import purge_recipient_files
from privacycenter.accounts.retention import purge_devices, purge_sessions
from privacycenter.database.purging import YEARS_KEPT, Key, database_now, end_of_time
from privacycenter.kept_forms.retention import purge_drafts, purge_kept_forms

One = TypeVar("One", Key, UUID, int)
NAMES = {
    "conflict": "conflicting reports",
    "correction": "corrections",
    "rejectedreport": "rejected reports",
    "case": "officers' cases",
    "inquiry": "requests to the operator",
    "recordaccess": "notes of who opened a record",
    "lookup": "notes of who looked somebody up",
    "approvalrequest": "approval requests",
    "decision": "decisions",
    "withdrawalstep": "steps after withdrawals",
    "withdrawalcase": "withdrawal cases",
    "affectedperson": "places on lists of affected people",
    "incidentnotice": "notes of who was told of an incident",
    "recall": "recalls",
    "recallstep": "steps of recalls",
    "recallcase": "recall cases",
    "countersignature": "signatures of recipients",
    "requestcancellation": "cancellations of requests",
    "standingrule": "former versions of standing rules",
    "notice": "notices",
    "mailing": "notes of mails sent",
    "preference": "former choices of mails",
    "export": "notes of files taken home",
    "authoritypack": "notes of packs for authorities",
    "onetimepage": "pages that handed over a file once",
    "webhookdelivery": "webhook deliveries",
    "webhookattempt": "tries of webhooks",
    "feedentry": "entries of feeds",
    "idempotencykey": "keys of repeated calls",
    "session": "ended sessions",
    "usersession": "addresses and browsers of ended sessions",
    "knowndevice": "devices not used for a year",
    "disclosureupload": "uploads of disclosures that ended 30 days ago",
    "refusedmessage": "messages of queues that were refused",
    "recipientfile": "files of recipients that were sent a day ago",
    "keptform": "forms of the desk that nobody came back for",
    "draft": "drafts of the desk that nobody went on with",
    "openform": "notes of who had a form of the desk open",
    "approvalcount": "counts of approvals that ended",
    "practicecount": "counts of what was reported more than 90 days ago",
    "questioncount": "counts of questions about people, more than a year ago",
    "questiontotal": "counts of questions of services, more than a year ago",
}


class Command(BaseCommand):
    help = (
        f"Remove disclosures {YEARS_KEPT} years after they were recorded and after the last provision to the same "
        "recipient (APPI art. 29, rule 21), then what only they needed. Every batch is a transaction of its own: after "
        "an interruption run it again; two at once are harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be removed, remove nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        now, removed = database_now(), Removed()
        cutoff = end_of_time(now)
        try:
            purge_everything(cutoff, dry_run, removed)
            purge_deliveries_and_calls(now, dry_run, removed)
            purge_log_ins(now, dry_run, removed)
        except KeyboardInterrupt as error:
            self.report(removed, cutoff, dry_run)
            raise CommandError("Interrupted. What is listed is removed; run it again for the rest.") from error
        self.report(removed, cutoff, dry_run)

    def report(self, removed: Removed, cutoff: datetime, dry_run: bool) -> None:
        verb = "would be removed" if dry_run else "removed"
        until = timezone.localtime(cutoff).strftime("%Y-%m-%d %H:%M:%S %Z")
        self.stdout.write(f"Kept for {YEARS_KEPT} years: what was recorded until {until}.")
        if removed.disclosures:
            self.stdout.write(f"{'month':<9}{'service':<32}{verb:>18}")
            for (month, service), count in sorted(removed.disclosures.items()):
                self.stdout.write(f"{month:<9}{service:<32}{count:>18,}")
        self.stdout.write(
            f"{removed.disclosures.total():,} disclosures {verb}; {removed.held:,} as old are still needed"
        )
        self.stdout.write(f"Webhooks and decision feeds are kept for {FED_FOR.days} days.")
        for kind, count in sorted(removed.others.items()):
            self.stdout.write(f"{count:,} {NAMES.get(kind, kind)} {verb}")


def purge_everything(cutoff: datetime, dry_run: bool, removed: Removed) -> None:
    """Purge all that is older than the cutoff, disclosures first: what they name can go only after them."""
    each(old_disclosures(cutoff), lambda keys: purge_disclosures(keys=keys, cutoff=cutoff, dry_run=dry_run), removed)
    each(old_rejected(cutoff), lambda ids: purge_rejected(ids=ids, cutoff=cutoff, dry_run=dry_run), removed)
    removed.others += purge_refused_messages(cutoff, dry_run=dry_run)
    each(old_requests(cutoff), lambda keys: purge_requests(keys=keys, cutoff=cutoff, dry_run=dry_run), removed)
    each(old_recalls(cutoff), lambda keys: purge_recalls(keys=keys, cutoff=cutoff, dry_run=dry_run), removed)
    each(old_listings(cutoff), lambda keys: purge_rows(model=AffectedPerson, keys=keys, dry_run=dry_run), removed)
    each(old_tellings(cutoff), lambda keys: purge_rows(model=IncidentNotice, keys=keys, dry_run=dry_run), removed)
    each(old_inquiries(cutoff), lambda ids: purge_inquiries(ids=ids, cutoff=cutoff, dry_run=dry_run), removed)
    each(old_accesses(cutoff), lambda keys: purge_accesses(keys=keys, dry_run=dry_run), removed)
    each(old_lookups(cutoff), lambda ids: purge_lookups(ids=ids, dry_run=dry_run), removed)
    each(old_notices(cutoff), lambda keys: purge_notices(keys=keys, cutoff=cutoff, dry_run=dry_run), removed)
    each(old_mailings(cutoff), lambda keys: purge_rows(model=Mailing, keys=keys, dry_run=dry_run), removed)
    each(old_preferences(cutoff), lambda keys: purge_rows(model=Preference, keys=keys, dry_run=dry_run), removed)
    each(old_rules(cutoff), lambda keys: purge_rules(keys=keys, dry_run=dry_run), removed)
    each(old_packs(cutoff), lambda keys: purge_rows(model=AuthorityPack, keys=keys, dry_run=dry_run), removed)
    each(old_handovers(cutoff), lambda ids: purge_handovers(ids=ids, dry_run=dry_run), removed)
    each(old_exports(cutoff), lambda keys: purge_rows(model=Export, keys=keys, dry_run=dry_run), removed)


def purge_deliveries_and_calls(now: datetime, dry_run: bool, removed: Removed) -> None:
    """Purge counts that nobody asks any more, deliveries with their attempts, then the feed entries they delivered,
    then idempotency keys."""
    removed.add(purge_ended_counts(now=now, dry_run=dry_run))
    removed.add(purge_practice(now=now, dry_run=dry_run))
    each(old_questions(now), lambda keys: purge_questions(keys=keys, dry_run=dry_run), removed)
    removed.add(purge_question_totals(now=now, dry_run=dry_run))
    each(old_deliveries(now), lambda ids: purge_deliveries(ids=ids, now=now, dry_run=dry_run), removed)
    each(old_feed(now), lambda ids: purge_feed(ids=ids, now=now, dry_run=dry_run), removed)
    removed.others += purge_uploads(now, dry_run=dry_run)
    for reporter in Reporter.objects.all():
        removed.add(purge_idempotency_keys(reporter=reporter, now=now, dry_run=dry_run))


def purge_log_ins(now: datetime, dry_run: bool, removed: Removed) -> None:
    """Purge ended sessions with what they were used with, devices that are not known any more, and forms and
    drafts that nobody came back for."""
    removed.others += purge_sessions(now, dry_run=dry_run) + purge_devices(now, dry_run=dry_run)
    removed.others += purge_kept_forms(now, dry_run=dry_run) + purge_drafts(now, dry_run=dry_run)
    removed.others += purge_open_forms(now, dry_run=dry_run) + purge_recipient_files(now, dry_run=dry_run)


def each(batches: Iterator[list[One]], purge: Callable[[list[One]], Removed], removed: Removed) -> None:
    with tqdm(unit=" rows", disable=None, leave=False) as bar:
        for keys in batches:
            removed.add(purge(keys))
            bar.update(len(keys))
