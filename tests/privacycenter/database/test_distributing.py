"""What ``distribute`` would do, as far as that shows without Citus: which tables, in which order, by which statements."""

import re
from io import StringIO
from unittest import mock

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from privacycenter.database import distributing
from privacycenter.database.checks import is_person_owned, our_models
from privacycenter.database.distributing import LEDGER, Lies, lies_of, owned_models, steps, whole_models
from privacycenter.database.verifying_triggers import faults_of_shards, faults_on_shards
from tests.support.content import ROOT

OURS = ("privacycenter", "disclosures", "consents")
DONE = {
    **{model._meta.db_table: Lies("whole") for model in whole_models()},
    **{model._meta.db_table: Lies("by person", "person_id", 7) for model in owned_models()},
}


def tables(kind, now=()):
    return [step.table for step in steps(dict(now)) if step.kind == kind]


def test_every_person_owned_table_is_cut_by_person_the_ledger_first():
    owned = {model._meta.db_table for model in our_models() if is_person_owned(model)}
    found = tables("by person")
    assert (set(found), found[0]) == (owned, LEDGER)
    assert len(found) > 30


def test_what_a_persons_rows_point_to_lies_whole_everywhere():
    pointed_to = {
        field.related_model._meta.db_table
        for model in owned_models()
        for field in model._meta.local_fields
        if field.is_relation
        and field.many_to_one
        and field.name != "person"
        and not is_person_owned(field.related_model)
    }
    assert pointed_to <= set(tables("whole"))
    assert {"disclosures_recipient", "disclosures_country", "disclosures_itemset_items"} <= set(tables("whole"))


def test_people_and_desk_stay_on_the_coordinator():
    spread = {*tables("whole"), *tables("by person")}
    assert not {"privacycenter_user", "privacycenter_outboxrow", "disclosures_case", "disclosures_inquiry"} & spread


def test_a_table_comes_after_those_that_its_keys_name():
    place = {table: number for number, table in enumerate(tables("whole"))}
    for model in whole_models():
        for field in model._meta.local_fields:
            target = field.related_model and field.related_model._meta.db_table
            if getattr(field, "db_constraint", False) and target in place and target != model._meta.db_table:
                assert place[target] < place[model._meta.db_table]


def test_ledger_is_cut_into_so_many_parts_and_the_others_as_it_is():
    found = {step.table: step for step in steps({}, shards=128)}
    assert found[LEDGER].values == (LEDGER, "person_id", 128)
    assert "shard_count => %s" in found[LEDGER].sql
    decision = found["consents_decision"]
    assert (decision.sql, decision.values) == (
        "SELECT create_distributed_table(%s, %s, colocate_with => %s)", ("consents_decision", "person_id", LEDGER),
    )  # fmt: skip
    assert found["disclosures_country"].sql == "SELECT create_reference_table(%s)"


def test_running_site_is_spread_while_it_is_written():
    found = {step.table: step.sql for step in steps({}, concurrently=True)}
    assert found[LEDGER].startswith("SELECT create_distributed_table_concurrently(")
    assert found["consents_decision"].startswith("SELECT create_distributed_table_concurrently(")


def test_what_lies_right_is_left_alone():
    assert [step for step in steps(DONE) if step.sql or step.wrong] == []


def test_table_that_came_with_a_migration_is_the_only_one_to_be_put():
    now = {table: lies for table, lies in DONE.items() if table != "consents_recall"}
    assert [step.table for step in steps(now) if step.sql] == ["consents_recall"]


@pytest.mark.parametrize(
    ("table", "lies"),
    [
        ("consents_recall", Lies("by person", "id", 7)), ("consents_recall", Lies("by person", "person_id", 8)),
        ("consents_recall", Lies("whole")), ("disclosures_country", Lies("by person", "id", 9)),
    ],
)  # fmt: skip
def test_table_that_lies_otherwise_is_named_and_not_touched(table, lies):
    (wrong,) = [step for step in steps({**DONE, table: lies}) if step.wrong]
    assert (wrong.table, wrong.sql) == (table, "")


@pytest.mark.parametrize(
    ("row", "kind"),
    [(("h", "s", 7, "person_id"), "by person"), (("n", "t", 3, ""), "whole"), (("n", "s", 0, ""), "coordinator")],
)  # fmt: skip
def test_rows_of_citus_are_understood(row, kind):
    assert lies_of(*row).kind == kind


# --- On engines without Citus ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_refuses_where_there_is_no_citus_and_says_what_to_do():
    with pytest.raises(CommandError, match="SQLite is one file" if connection.vendor == "sqlite" else "has no Citus"):
        call_command("distribute")


@pytest.mark.django_db
def test_check_says_what_would_be_done_all_the_same():
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("distribute", check=True, stdout=out)
    assert re.search(
        r"^disclosures_disclosure +by person +would be put there \(all others", out.getvalue(), re.MULTILINE
    )
    assert len(out.getvalue().splitlines()) == len(steps({}))


def test_number_of_parts_that_cannot_be_is_refused():
    with pytest.raises(CommandError, match="--shards must be"):
        call_command("distribute", shards=0)


@pytest.mark.django_db
def test_prepare_leaves_tables_where_they_are_without_citus():
    assert distributing.is_distributed() is False


@pytest.mark.django_db
def test_verification_asks_for_no_parts_without_citus(django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert list(faults_on_shards()) == []


def test_part_without_the_triggers_is_a_fault():
    found = [(102001, True, "a:O"), (102002, True, ""), (102003, False, "connection refused")]
    faults = [str(fault) for fault in faults_of_shards("consents_decision", "a:O", found)]
    assert faults == [
        "consents_decision part 102002: its triggers are not those of the table: changes may not be refused",
        "consents_decision part 102003: its triggers could not be asked for: connection refused",
    ]


# --- A server that says it had Citus ----------------------------------------------------------------------------------


class Server:
    """Takes statements and answers as told; nothing reaches a database."""

    def __init__(self, workers=2, refuses=""):
        self.workers, self.refuses, self.sent = workers, refuses, []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def execute(self, sql, values=()):
        from django.db import DatabaseError

        self.sent.append((sql, values))
        if self.refuses and self.refuses in (values or ()):
            raise DatabaseError("cannot distribute relation\nHINT: because")

    def fetchone(self):
        return ("privacy",) if "current_database" in self.sent[-1][0] else (self.workers,)

    def fetchall(self):
        return []


@pytest.fixture
def cluster(monkeypatch):
    """Run the command against such a server; returns what it was sent, and what was said."""

    def run(server, now=(), **options):
        module = "privacycenter.management.commands.distribute"
        out = StringIO()
        with (
            mock.patch(f"{module}.citus_version", return_value="13.2"),
            mock.patch(f"{module}.how_tables_lie", return_value=dict(now)),
            mock.patch(f"{module}.connection") as there,
        ):
            there.vendor, there.cursor.return_value = "postgresql", server
            there.ops.quote_name = '"{}"'.format
            there.settings_dict = {"HOST": "", "PORT": ""}
            call_command("distribute", stdout=out, **options)
        return [sql for sql, _values in server.sent], out.getvalue()

    return run


def test_settings_of_the_database_come_before_the_first_table(cluster):
    sent, said = cluster(Server())
    first = next(number for number, sql in enumerate(sent) if "create_" in sql)
    assert "ALTER DATABASE \"privacy\" SET citus.enable_unsafe_triggers = 'on'" in sent[:first]
    assert "ALTER DATABASE \"privacy\" SET citus.multi_shard_modify_mode = 'sequential'" in sent[:first]
    assert len([sql for sql in sent if "create_" in sql]) == len(steps({})) == len(said.splitlines())


def test_cluster_without_machines_is_refused_before_anything_is_done(cluster):
    server = Server(workers=0)
    with pytest.raises(CommandError, match="citus_add_node"):
        cluster(server)
    assert not [sql for sql, _values in server.sent if "create_" in sql or "ALTER" in sql]


def test_one_machine_begins_alone_when_asked_to(cluster):
    sent, _said = cluster(Server(workers=0), single_node=True)
    assert "SELECT citus_set_coordinator_host(%s, %s)" in sent


def test_what_citus_refuses_is_said_with_its_words_and_ends_it(cluster):
    server = Server(refuses="consents_decision")
    with pytest.raises(CommandError, match="consents_decision: cannot distribute relation HINT: because"):
        cluster(server)
    assert server.sent[-1][1][0] == "consents_decision"


def test_everything_in_its_place_sends_nothing_but_who_owns_it(cluster):
    sent, said = cluster(Server(), DONE)
    assert len(sent) == 1
    assert said.count("as it has to be") == len(DONE)


def test_check_on_a_cluster_sends_nothing(cluster):
    server = Server()
    with pytest.raises(CommandError, match="1 tables do not lie where they have to"):
        cluster(server, {table: lies for table, lies in DONE.items() if table != "consents_recall"}, check=True)
    assert server.sent == []
    assert "as it has to be" in cluster(server, DONE, check=True)[1]


# --- Rules that models do not show -----------------------------------------------------------------------------------


def sources():
    return [path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def test_no_row_of_several_people_is_locked():
    """Citus locks no rows of several people in one statement: the people are locked instead (``of_free_people``)."""
    names = "|".join(model.__name__ for model in apps.get_models() if model in owned_models())
    locking = re.compile(rf"\b({names})\.objects[\w.()\s\"'=,*]*\.select_for_update", re.DOTALL)
    assert [str(path) for path in sources() if locking.search(path.read_text())] == []


def test_no_setting_is_set_by_a_function():
    """Citus sends SET to the other machines, but no call of a function."""
    assert [str(path) for path in sources() if "set_config(" in path.read_text()] == []
