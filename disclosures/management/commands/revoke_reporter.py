"""manage.py revoke_reporter CODE: stop a reporter from its next call on."""

from typing import Any

from disclosures.models import Reporter
from disclosures.reporters.actions import stop_reporter
from disclosures.reporters.commands import ReporterCommand


class Command(ReporterCommand):
    help = "Stop a reporter at once: its secret and the tokens it has are refused from the next call on."

    def work_on(self, reporter: Reporter, options: dict[str, Any]) -> None:
        was_working = stop_reporter(reporter=reporter)
        self.stdout.write(f"“{reporter.code}” is stopped." if was_working else f"“{reporter.code}” was stopped before.")
