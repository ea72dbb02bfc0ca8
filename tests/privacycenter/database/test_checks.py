"""Each rule of person-owned tables, broken by a throwaway model and named by ``manage.py check``."""

import pytest
from django.db import models
from django.test.utils import isolate_apps

from consents.models import Decision, Notice
from disclosures.models import Recipient, Service
from privacycenter.database import checks
from privacycenter.models import User


def person(**more):
    return models.ForeignKey(
        User, models.DO_NOTHING, related_name="+", **{"db_constraint": False, "db_index": False, **more}
    )


def lean(to):
    return models.ForeignKey(to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)


def joined(first):
    fields = {"from_fields": [first, "person"], "to_fields": ["id", "person"]}
    return models.ForeignObject(Decision, models.DO_NOTHING, related_name="+", null=True, **fields)


def key(to):
    return models.ForeignKey(to, models.PROTECT, "+")


def make(meta=(), **fields):
    """A model of ours with these fields; by default a person-owned one that keeps every rule."""
    options = type("Meta", (), {"app_label": "disclosures", **dict(meta)})
    return type("Throwaway", (models.Model,), {"__module__": __name__, "Meta": options, **fields})


def owned(meta=(), **fields):
    key = {"pk": models.CompositePrimaryKey("person_id", "id"), "person": person(), "id": models.UUIDField()}
    return make(meta, **{**key, **fields})


@pytest.fixture
def named(monkeypatch):
    """The ids that ``manage.py check`` names when the throwaway model is one of ours."""

    def run(make_model):
        with isolate_apps("privacycenter", "disclosures", "consents", kwarg_name="apps") as isolated:
            monkeypatch.setattr(checks, "apps", isolated)
            make_model()
            found = checks.check_person_owned_tables(None) + checks.check_no_table_joins_people_and_content(None)
            found += checks.check_no_key_names_a_person_owned_table(None)
        return {error.id for error in found}

    return run


def test_check_of_a_table_that_keeps_the_rules_names_nothing(named):
    meta = {
        "indexes": [models.Index(fields=["person", "-at"], name="by_person")],
        "constraints": [models.UniqueConstraint(fields=["person", "event"], name="event_once_per_person")],
    }
    assert named(lambda: owned(meta, at=models.DateTimeField(), event=models.CharField(), to=lean(Recipient))) == set()


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("E001", lambda: make(person=person(), id=models.UUIDField(primary_key=True))),
        ("E001", lambda: owned(pk=models.CompositePrimaryKey("id", "person_id"))),
        ("E002", lambda: owned({"indexes": [models.Index(fields=["at"], name="by_at")]}, at=models.DateField())),
        ("E002", lambda: owned({"constraints": [models.UniqueConstraint(fields=["at"], name="once")]}, at=models.DateField())),
        ("E002", lambda: owned({"unique_together": [("at", "id")]}, at=models.DateField())),
        ("E003", lambda: owned(event=models.CharField(unique=True))),
        ("E003", lambda: owned(at=models.DateTimeField(db_index=True))),
        ("E003", lambda: owned(to=models.ForeignKey(Recipient, models.DO_NOTHING, "+", db_constraint=False))),
        ("E003", lambda: owned(person=person(db_index=True))),
        ("E004", lambda: owned(to=models.ForeignKey(Recipient, models.DO_NOTHING, "+", db_index=False))),
        ("E004", lambda: owned(person=person(db_constraint=True))),
        ("E005", lambda: make(person=person(), id=models.BigAutoField(primary_key=True))),
        ("E006", lambda: make(person=person(), services=models.ManyToManyField(Service, "+"))),
        ("E007", lambda: make(by=key(User), to=key(Recipient))),
        ("E008", lambda: make(about=key(Notice))),
        ("E009", lambda: owned(by=lean(User))),
        ("E009", lambda: owned(about=lean(Notice))),
        ("E010", lambda: owned(about_id=models.UUIDField(), about=joined("about_id"))),
    ],
)  # fmt: skip
def test_check_of_a_broken_rule_names_it(named, rule, broken):
    assert f"privacycenter.{rule}" in named(broken)


def test_check_lets_a_person_owned_table_constrain_its_values(named):
    positive = models.CheckConstraint(condition=models.Q(count__gt=0), name="count_is_positive")
    assert named(lambda: owned({"constraints": [positive]}, count=models.IntegerField())) == set()


@pytest.mark.parametrize("target", [User, Recipient])
def test_check_lets_a_table_point_to_one_side(named, target):
    assert named(lambda: make(to=key(target))) == set()
