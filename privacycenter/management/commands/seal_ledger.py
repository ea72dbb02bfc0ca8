"""manage.py seal_ledger: seal what was recorded before there was a log."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from privacycenter.models import RowKind
from privacycenter.proof.backfill import rows_of, unsealed_batches
from privacycenter.proof.checkpoint_actions import sign_checkpoint
from privacycenter.proof.sealing_actions import seal_rows


class Command(BaseCommand):
    help = (
        "Seal every row of every record that is not in the log yet, in batches. Safe to stop and to run again, and "
        "while the site runs. It shows nothing about the time before: from the first checkpoint on, nothing of it can "
        "be changed or taken away unnoticed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in RowKind:
            sealed = seen = 0
            with tqdm(desc=kind.code, total=rows_of(kind), unit=" rows", disable=None, leave=False) as bar:
                for count, batch in unsealed_batches(kind):
                    sealed += seal_rows([batch]) if batch.rows else 0
                    seen += count
                    bar.update(count)
            self.stdout.write(f"{seen:>12,}  {kind.label}: {sealed:,} sealed now")
        signed = sign_checkpoint()
        self.stdout.write(f"Checkpoint of {signed.size:,} entries signed." if signed else "Nothing new to sign.")
