"""Where each table lies when PostgreSQL is spread over machines by Citus, and the statements that put it there.

Person-owned tables are cut by person; what their rows point to, and the content that belongs to it, lies whole on
every machine; all else stays on the coordinator. Found by looking at the models, so a table that comes later is not
forgotten. See docs/decisions/0058-spread-by-person.md and docs/operate.md. The command ``distribute`` sends what this
plans.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from privacycenter.database.checks import OUR_APPS, is_person_owned, our_models

LEDGER = "disclosures_disclosure"
DEFAULT_SHARDS = 32
# Read by statements about a person (the text of a moment), although no row points to it by a key.
WHOLE_BESIDES = ("disclosures.Publication",)
# Of the database, for every session from then on: triggers stand on each part, and a table that lies whole everywhere
# can be written after a statement that went to many parts.
SETTINGS = {"citus.enable_unsafe_triggers": "on", "citus.multi_shard_modify_mode": "sequential"}
PERSON = "person_id"

Model = type[models.Model]


@dataclass(frozen=True)
class Lies:
    """How a table lies now. ``kind``: "by person", "whole" or "coordinator".

    ``together``: the group of tables that are cut alike.
    """

    kind: str
    column: str = ""
    together: int = 0


ON_COORDINATOR = Lies("coordinator")


@dataclass(frozen=True)
class Step:
    """One table, where it has to lie, and the statement that puts it there. Empty if it lies there already."""

    table: str
    kind: str
    now: str
    sql: str
    values: tuple[Any, ...] = ()
    wrong: str = ""


# --- Which tables ----------------------------------------------------------------------------------------------------


def owned_models() -> list[Model]:
    """Return the models whose tables are cut by person: the ledger first, since all others are cut as it is."""
    found = [model for model in our_models() if is_person_owned(model) and model._meta.managed]
    return sorted(found, key=lambda model: (model._meta.db_table != LEDGER, model._meta.db_table))


def whole_models() -> list[Model]:
    """Return the models whose tables lie whole on every machine, each after those that its foreign keys name."""
    pointed_to = [target for model in owned_models() for target in targets_of(model, is_checked=False)]
    waiting = [*pointed_to, *(apps.get_model(label) for label in WHOLE_BESIDES)]
    found: set[Model] = set()
    while waiting:
        model = waiting.pop()
        if model not in found and is_content(model):
            found.add(model)
            waiting += targets_of(model, is_checked=True)
            for many in model._meta.many_to_many:
                waiting += [many.remote_field.through, many.related_model]
    return in_order_of_keys(found)


def targets_of(model: Model, *, is_checked: bool) -> list[Model]:
    """Return the models that keys of this one name; ``is_checked``: those that the database checks, else the others."""
    return [
        field.related_model
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and getattr(field, "db_constraint", True) is is_checked
        and isinstance(field.related_model, type)
    ]


def is_content(model: Model) -> bool:
    """Return whether rows of other tables may point to it from any machine: of ours, nobody's, and no account."""
    label = model._meta.app_label
    return label in OUR_APPS and label != "privacycenter" and not is_person_owned(model)


def in_order_of_keys(found: Iterable[Model]) -> list[Model]:
    """Sort so that each comes after those that its foreign keys name; by name where that leaves a choice."""
    rest = {model: {one for one in targets_of(model, is_checked=True) if one is not model} for model in found}
    ordered: list[Model] = []
    while rest:
        free = [model for model, needs in rest.items() if not needs & (rest.keys() - {model})]
        # Two that name each other have no order: any will do, Citus joins them afterwards.
        chosen = sorted(free or rest, key=lambda model: model._meta.db_table)[0]
        ordered.append(chosen)
        del rest[chosen]
    return ordered


# --- What has to be done ---------------------------------------------------------------------------------------------


def steps(now: Mapping[str, Lies], *, shards: int = DEFAULT_SHARDS, concurrently: bool = False) -> list[Step]:
    """Return a step for each table, in the order in which they have to be taken. ``now``: how the tables lie."""
    whole = [whole_step(model._meta.db_table, now) for model in whole_models()]
    return [*whole, *(owned_step(model._meta.db_table, now, shards, concurrently) for model in owned_models())]


def whole_step(table: str, now: Mapping[str, Lies]) -> Step:
    lies = now.get(table, ON_COORDINATOR)
    if lies.kind == "whole":
        return Step(table, "whole", lies.kind, "")
    if lies.kind == "by person":
        return Step(table, "whole", lies.kind, "", wrong="is cut, and has to lie whole on every machine")
    return Step(table, "whole", lies.kind, "SELECT create_reference_table(%s)", (table,))


def owned_step(table: str, now: Mapping[str, Lies], shards: int, concurrently: bool) -> Step:
    lies, ledger = now.get(table, ON_COORDINATOR), now.get(LEDGER, ON_COORDINATOR)
    if lies.kind == "by person":
        is_right = lies.column == PERSON and lies.together == ledger.together
        wrong = "" if is_right else "is cut by another column or otherwise than the ledger"
        return Step(table, "by person", lies.kind, "", wrong=wrong)
    if lies.kind == "whole":
        return Step(table, "by person", lies.kind, "", wrong="lies whole on every machine, and has to be cut by person")
    function = "create_distributed_table_concurrently" if concurrently else "create_distributed_table"
    if table == LEDGER:
        sql = f"SELECT {function}(%s, %s, shard_count => %s, colocate_with => 'none')"
        return Step(table, "by person", lies.kind, sql, (table, PERSON, shards))
    sql = f"SELECT {function}(%s, %s, colocate_with => %s)"
    return Step(table, "by person", lies.kind, sql, (table, PERSON, LEDGER))


# --- What is there now (a server with Citus) -------------------------------------------------------------------------

HOW_TABLES_LIE = """
SELECT c.relname, p.partmethod::text, p.repmodel::text, p.colocationid,
       CASE WHEN p.partkey IS NULL THEN '' ELSE column_to_column_name(p.logicalrelid, p.partkey) END
FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
WHERE c.relnamespace = current_schema()::regnamespace
"""


def citus_version() -> str:
    """Return the version of the extension in this database, empty without it. One SQL statement, none on SQLite."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'citus'")
        row = cursor.fetchone()
    return row[0] if row else ""


def how_tables_lie() -> dict[str, Lies]:
    """Return table → how it lies, for those that Citus knows. One SQL statement. The database MUST have Citus."""
    with connection.cursor() as cursor:
        cursor.execute(HOW_TABLES_LIE)
        return {table: lies_of(*facts) for table, *facts in cursor.fetchall()}


def lies_of(method: str, model: str, together: int, column: str) -> Lies:
    """Read a row of ``pg_dist_partition``: "h" is cut by hash; "n" with "t" lies whole everywhere, any other stays."""
    if method == "h":
        return Lies("by person", column, together)
    return Lies("whole") if (method, model) == ("n", "t") else ON_COORDINATOR


def is_distributed() -> bool:
    """Return whether the ledger is cut by person here. Two SQL statements at most, none on SQLite."""
    return bool(citus_version()) and how_tables_lie().get(LEDGER, ON_COORDINATOR).kind == "by person"
