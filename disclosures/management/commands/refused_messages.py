"""manage.py refused_messages: what came from a queue and could not be recorded, listed, tried again or dropped."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from disclosures.consuming.actions import drop_refused, opened, retry_refused
from disclosures.consuming.queries import refused_after
from disclosures.models import RefusedMessage
from privacycenter.encryption import CannotOpenError
from privacycenter.errors import Refusal

AT_ONCE = 100


class Command(BaseCommand):
    help = (
        "List messages of queues that could not be recorded, the oldest first, with the reason. Mend the cause, then "
        "--retry. --show prints one as it came: it may hold personal data. Exit status 1 if --retry leaves any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="how many (default: %(default)s)")
        parser.add_argument("--all", action="store_true", help="list those that staff dealt with, too")
        parser.add_argument("--after", type=UUID, help="list what comes after this one")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--show", type=UUID, metavar="ID", help="print one message")
        doing.add_argument("--retry", nargs="*", type=UUID, metavar="ID", help="record these again (default: all)")
        doing.add_argument("--drop", nargs="+", type=UUID, metavar="ID", help="delete these for good")

    def handle(
        self, *args: Any, limit: int, all: bool, after: UUID | None, show: UUID | None, retry: list[UUID] | None,
        drop: list[UUID] | None, **options: Any,
    ) -> None:  # fmt: skip
        try:
            if show:
                self.show(show)
            elif retry is not None:
                self.retry(retry)
            elif drop:
                self.stdout.write(f"{sum(drop_refused(id=id) for id in drop)} dropped")
            else:
                self.show_some(after, limit, with_settled=all)
        except RefusedMessage.DoesNotExist as error:
            raise CommandError("There is no such message (any more).") from error

    def show_some(self, after: UUID | None, limit: int, *, with_settled: bool) -> None:
        found = refused_after(after, limit + 1, with_settled=with_settled)
        shown = found[:limit]
        for row in shown:
            settled = "  (dealt with)" if row.settled_at else ""
            field = f" ({row.problem['field']})" if row.problem.get("field") else ""
            self.stdout.write(
                f"{row.id}  {row.received_at:%Y-%m-%d %H:%M:%S} UTC  {row.queue.reporter.code}  {row.queue.name}  "
                f"{row.position}  {row.problem['type'].rpartition(':')[2]}{field}: {row.problem['detail']}"
                f"{settled}"
            )
        if len(found) > limit:
            self.stdout.write(f"and more: --after {shown[-1].id}")
        if not shown:
            self.stdout.write("No message is refused.")

    def show(self, id: UUID) -> None:
        try:
            message = opened(RefusedMessage.objects.get(pk=id))
        except CannotOpenError as error:
            raise CommandError("It was encrypted under a SECRET_KEY that is not there.") from error
        for name, value in sorted(message.headers.items()):
            self.stdout.write(f"{name}: {value}")
        self.stdout.write("")
        self.stdout.write(message.body.decode("utf-8", "replace"))

    def retry(self, ids: list[UUID]) -> None:
        recorded = refused = 0
        for id in ids or all_ids():
            try:
                problem = retry_refused(id=id)
            except Refusal as refusal:
                raise CommandError(f"{refusal.detail} {recorded} were recorded.") from refusal
            except CannotOpenError:
                problem = {"detail": "It was encrypted under a SECRET_KEY that is not there."}
            recorded, refused = recorded + (problem is None), refused + (problem is not None)
            if problem:
                self.stdout.write(f"{id}: {problem['detail']}")
        self.stdout.write(f"{recorded} recorded")
        if refused:
            raise CommandError(f"{refused} are still refused.")


def all_ids() -> list[UUID]:
    return list(RefusedMessage.objects.waiting().order_by("received_at", "id").values_list("pk", flat=True))
