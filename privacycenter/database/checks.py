"""System checks of the rules for growing (docs/decisions/0005-keys-of-person-owned-tables.md).

They look at models, so ``manage.py check`` names a rule broken by a new model before its first migration. Three indexes
are exempt on purpose, and made by migrations, so they are on no model: PostgreSQL's block range index on the ledger's
time of recording, a few kilobytes for the purge, and the lean ones by recipient and day, for the question whose data
went there, and by reporter and hour, for reporters that compare their books (``privacycenter.database.triggers``,
docs/ledger.md). Every index on a model still starts with the person, and every unique one.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

OUR_APPS = ("privacycenter", "disclosures", "consents")


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OUR_APPS]


def is_person_owned(model: type[models.Model]) -> bool:
    return any(field.name == "person" for field in model._meta.fields)


@register()
def check_person_owned_tables(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [error for model in our_models() if is_person_owned(model) for error in errors_of(model)]


def errors_of(model: type[models.Model]) -> Iterator[Error]:
    meta = model._meta
    if [field.attname for field in meta.pk_fields] != ["person_id", "id"]:
        yield Error("The primary key of a person-owned table is (person_id, id).", obj=model, id="privacycenter.E001")
    for index in [*meta.indexes, *meta.constraints]:
        if isinstance(index, models.CheckConstraint):
            continue
        names = [name.lstrip("-") for name in getattr(index, "fields", ())]
        if names[:1] != ["person"]:
            yield Error(
                f"{index.name} does not start with the person.",
                hint="Every unique constraint and every index of a person-owned table starts with the person.",
                obj=model, id="privacycenter.E002",
            )  # fmt: skip
    for together in meta.unique_together:
        if together[0] != "person":
            yield Error(
                f"unique_together {together} does not start with the person.", obj=model, id="privacycenter.E002"
            )
    for field in meta.local_fields:
        if not field.primary_key and (field.unique or getattr(field, "db_index", False)):
            yield Error(f"{field.name} has an index of its own.", obj=model, id="privacycenter.E003")
        if getattr(field, "db_constraint", False):
            yield Error(f"{field.name} has a database foreign key.", obj=model, id="privacycenter.E004")
        if isinstance(field, models.AutoField):
            yield Error(f"{field.name} is numbered by the database.", obj=model, id="privacycenter.E005")
        yield from errors_of_target(model, field)
    if meta.local_many_to_many:
        yield Error("A person-owned table has no many-to-many table.", obj=model, id="privacycenter.E006")


def errors_of_target(model: type[models.Model], field: models.Field[Any, Any]) -> Iterator[Error]:
    """Yield what is wrong with a relation of a person-owned table: what its rows name lies with them, or everywhere."""
    target = field.related_model
    if not isinstance(target, type) or field.name == "person":
        return
    if isinstance(field, models.ForeignKey):
        if is_person_owned(target) or target._meta.app_label not in ("disclosures", "consents"):
            yield Error(
                f"{field.name} names a row that does not lie on every machine.",
                hint="A person's rows name others of the person by person and id (ForeignObject), and content by key. "
                "Whoever else is named has a number without a key.",
                obj=model, id="privacycenter.E009",
            )  # fmt: skip
    elif isinstance(field, models.ForeignObject) and field.from_fields[0] != "person":
        yield Error(
            f"{field.name} does not join by the person.",
            hint="from_fields and to_fields begin with the person.",
            obj=model, id="privacycenter.E010",
        )  # fmt: skip


@register()
def check_no_key_names_a_person_owned_table(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse keys that the database checks against a person-owned table: its rows lie on several machines."""
    return [
        Error(f"{field.name} is a database foreign key to a person-owned table.", obj=model, id="privacycenter.E008")
        for model in our_models()
        for field in model._meta.local_fields
        if getattr(field, "db_constraint", False)
        and isinstance(field.related_model, type)
        and is_person_owned(field.related_model)
    ]


@register()
def check_no_table_joins_people_and_content(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse foreign keys to both people and content: Citus cannot enforce them.

    It keeps users on the coordinator, and content as reference tables.
    """
    return [
        Error("Has database foreign keys to both people and content.", obj=model, id="privacycenter.E007")
        for model in our_models()
        if {"people", "content"} <= {side_of(field) for field in model._meta.local_fields}
    ]


def side_of(field: models.Field[Any, Any]) -> str:
    """Return where the table this field points to is kept: "people" (on the coordinator), "content" (everywhere) or "".

    A table of the desk that names who did something stays with people, and so does what points to it.
    """
    target = field.related_model
    if not isinstance(target, type) or not getattr(field, "db_constraint", False):
        return ""
    if is_with_people(target):
        return "people"
    return "content" if target._meta.app_label == "disclosures" else ""


def is_with_people(model: type[models.Model]) -> bool:
    if model._meta.app_label not in OUR_APPS:
        return False
    keys = [field for field in model._meta.local_fields if getattr(field, "db_constraint", False)]
    targets = {key.related_model for key in keys if isinstance(key.related_model, type)} - {model}
    return model._meta.label == "privacycenter.User" or any(map(is_with_people, targets))
