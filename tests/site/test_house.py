"""The order of the tests themselves: what they share lies in tests/support/, and nowhere else."""

import ast

from tests.support.content import ROOT


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
