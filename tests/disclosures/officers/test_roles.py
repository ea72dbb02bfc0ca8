"""The table of roles in the documents is what the groups may."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from disclosures.officers.roles import APPS, DELETED, EDITED, ROLES, ensure_roles
from tests.support.content import ROOT

ROW = re.compile(r"^\| (.*?) \|([^|]*)\|([^|]*)\|([^|]*)\|$", re.M)
SETS = {"content": EDITED, "parts": DELETED}


def documented() -> dict[str, set[str]]:
    """Group → the permissions that the table gives it."""
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    table = text.partition("| permissions |")[2].partition("\n\n")[0]
    found: dict[str, set[str]] = {group: set() for group in ROLES}
    for said, *marks in ROW.findall(table):
        named = set(re.findall(r"`(\w+_\w+)`", said))
        for verb, models in re.findall(r"`(\w+)` (content|parts)", said):
            named |= {f"{verb}_{model}" for model in SETS[models]}
        for group, mark in zip(ROLES, marks, strict=True):
            found[group] |= named if mark.strip() == "yes" else set()
    return found


def test_table_of_roles_is_what_the_code_gives():
    assert documented() == ROLES


def test_lists_of_content_and_parts_are_named():
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    content, parts = re.search(r"\*Content\* is (.*?);\s+\*parts\* are (.*?)\.\n", text, re.S).groups()
    assert set(re.findall(r"`(\w+)`", content)) == set(EDITED)
    assert set(re.findall(r"`(\w+)`", parts)) == set(DELETED)


@pytest.mark.django_db
def test_groups_have_these_permissions_and_no_others():
    ensure_roles()
    for name, wanted in ROLES.items():
        given = Permission.objects.filter(group=Group.objects.get(name=name), content_type__app_label__in=APPS)
        assert set(given.values_list("codename", flat=True)) == wanted
