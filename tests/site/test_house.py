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


# --- When a test reads the clock ------------------------------------------------------------------------------------

# What gives another value at each call.
CHANCE = {
    "now",
    "today",
    "time",
    "localdate",
    "localtime",
    "monotonic",
    "uuid4",
    "uuid7",
    "token_hex",
    "token_urlsafe",
    "urandom",
}


def asked_at_once(node: ast.AST) -> list[int]:
    """Lines that call such a function while the module is being read: not in the body of a function."""
    if isinstance(node, ast.Lambda):
        return []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [line for part in (*node.decorator_list, node.args) for line in asked_at_once(part)]
    inner = [line for child in ast.iter_child_nodes(node) for line in asked_at_once(child)]
    if isinstance(node, ast.Call) and (getattr(node.func, "attr", None) or getattr(node.func, "id", None)) in CHANCE:
        return [node.lineno, *inner]
    return inner


def test_no_table_of_cases_is_made_with_the_clock_or_by_chance():
    """A run takes longer than an hour on a slow machine: what was "now" when its tests were collected is long ago at its end.

    Besides, each process collects for itself, and a name made by chance is another one in each.
    """
    modules = list((ROOT / "tests").rglob("*.py"))
    assert asked_at_once(ast.parse("@mark([now()])\ndef test(): now()\n\n\nX = lambda: uuid4()")) == [1]
    assert {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if (lines := asked_at_once(ast.parse(path.read_text(encoding="utf-8"))))
    } == {}
