"""Ten thousand recipients at once: loaded from a file of the desk, looked at, and published."""

from bench.publishing import timed
from bench.serving import manage, product_environment, table

MANY = 10_000
# What the desk does with a file, without the browser: it is planned, then written, all of it or nothing.
LOAD = """
from django.db import transaction
from disclosures.writing.actions import lock_working_copy
from disclosures.recipients.actions import save
from disclosures.recipients.plans import plan_of
lines = ["code,title_ja,title_en,country,business_ja,address_ja"]
lines += [f"clinic-{n:05},第{n}クリニック,Clinic {n},JP,医療,東京都千代田区{n}" for n in range(MANY)]
plan = plan_of("\\n".join(lines).encode())
assert len(plan.new) == MANY and not plan.problems, plan.problems[:3]
if SAVE:
    with transaction.atomic():
        lock_working_copy()
        save(plan, None)
"""
LOOK = """
from disclosures.proposals.queries import pending_page
from disclosures.content.held_copy import held_copy
from disclosures.content.publications import newest_document
assert pending_page(held_copy().document, newest_document()).changes.paginator.count
"""


def main(full: bool) -> None:
    with product_environment() as environment:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "load_content")
        manage(environment, "publish_content")
        steps = [
            ["nothing to publish", *timed(environment, "publish_content")],
            [f"look at a file of {MANY:,}", *timed(environment, "shell", "-c", f"MANY, SAVE = {MANY}, False\n{LOAD}")],
            [f"load a file of {MANY:,}", *timed(environment, "shell", "-c", f"MANY, SAVE = {MANY}, True\n{LOAD}")],
            ["the changes that wait", *timed(environment, "shell", "-c", LOOK)],
            [f"publish {MANY:,} recipients", *timed(environment, "publish_content")],
        ]
    table(f"{MANY:,} recipients at once", ["step", "seconds", "CPU s", "peak MB"], steps)


if __name__ == "__main__":
    main(full=False)
