"""The order of the code and of the tests: rooms hold one subject each, and what tests share lies in tests/support/."""

import ast
from collections import Counter
from pathlib import Path

from tests.support.content import ROOT

APPS = ("privacycenter", "disclosures", "consents")
# A room with more holds a second subject: docs/decisions/0059-smaller-rooms.md.
MOST_MODULES = 24
MOST_AT_THE_ROOT = {"privacycenter": 16, "disclosures": 8, "consents": 8}


def rooms() -> Counter[Path]:
    """Folder → how many modules lie flat in it, ``__init__.py`` not counted."""
    return Counter(
        path.parent.relative_to(ROOT)
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    )


def test_no_room_holds_more_modules_than_one_listing_shows():
    inner = {str(room): count for room, count in rooms().items() if str(room) not in APPS}
    assert len(inner) > 60
    assert {room: count for room, count in inner.items() if count > MOST_MODULES} == {}


def test_an_app_keeps_only_what_joins_its_subjects_at_its_root():
    at_roots = {app: rooms()[Path(app)] for app in APPS}
    assert {app: count for app, count in at_roots.items() if not 0 < count <= MOST_AT_THE_ROOT[app]} == {}


def imported_by(path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_no_module_of_tests_imports_another_but_the_shared_ones():
    modules = {path: imported_by(path) for path in (ROOT / "tests").rglob("*.py")}
    assert len(modules) > 100
    assert {
        str(path.relative_to(ROOT)): foreign
        for path, names in modules.items()
        if (
            foreign := sorted(
                name for name in names if name.startswith("tests.") and not name.startswith("tests.support")
            )
        )
    } == {}
