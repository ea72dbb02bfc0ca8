"""Every refusal that an action can end with, found in the source: what it calls, and where a ``Refusal`` is made there.

A subject's ``test_refusals.py`` has a case for each of its actions' refusals; one without a case fails a test.
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection

from privacycenter.errors import Refusal

APPS = ("privacycenter", "disclosures", "consents")
# The made-up world refuses in its own way, and only in a command.
LEFT_OUT = ("migrations", "demo", "management")


class Made(NamedTuple):
    """One place where one is made. ``texts``: the constant parts of what it says, its field among them."""

    refusal: type[Refusal]
    texts: tuple[str, ...]
    place: str

    @property
    def words(self) -> list[str]:
        return [text for text in self.texts if any(map(str.isalpha, text))]

    def has(self, says: str) -> bool:
        return any(says in text for text in self.words)


@cache
def actions() -> dict[str, Callable[..., Any]]:
    """``module.name`` → the action: a public function that takes keywords alone, and is in a module of actions or is a
    transaction."""
    return {
        f"{module.__name__}.{name}": function
        for module in modules()
        for name, function in vars(module).items()
        if isinstance(function, FunctionType) and is_action(module, name, function)
    }


def modules() -> Iterator[ModuleType]:
    for app in map(importlib.import_module, APPS):
        for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if not set(found.name.split(".")) & set(LEFT_OUT):
                yield importlib.import_module(found.name)


def is_action(module: ModuleType, name: str, function: FunctionType) -> bool:
    if function.__module__ != module.__name__ or name.startswith("_"):
        return False
    code = inspect.unwrap(function).__code__
    if code.co_argcount or not (code.co_kwonlyargcount or code.co_flags & inspect.CO_VARKEYWORDS):
        return False
    return module.__name__.endswith("actions") or is_transaction(function)


def is_transaction(function: FunctionType) -> bool:
    return any("transaction.atomic" in ast.unparse(one) for one in tree_of(function).decorator_list)


@cache
def refusals_of(name: str) -> frozenset[Made]:
    """Of this action, but not of the actions that it calls: those have their own."""
    others = {inspect.unwrap(action) for action in actions().values()}
    seen: set[Any] = set()
    made: set[Made] = set()
    waiting: list[Any] = [inspect.unwrap(actions()[name])]
    while waiting:
        one = waiting.pop()
        if one in seen or (seen and one in others):
            continue
        seen.add(one)
        for used in uses_of(one):
            if isinstance(used, Made):
                made.add(used)
            elif is_ours(used):
                waiting.append(inspect.unwrap(used))
    return frozenset(made)


def is_ours(found: Any) -> bool:
    if not str(getattr(found, "__module__", "")).startswith(APPS):
        return False
    return inspect.isfunction(found) or (inspect.isclass(found) and not hasattr(found, "_meta"))


def uses_of(one: Any) -> Iterator[Any]:
    """What a function, or each method of a class, uses of its module, and the refusals that it makes (``Made``)."""
    for function in written_in(one) if inspect.isclass(one) else [one]:
        place = f"{function.__module__}.{function.__qualname__}"
        for node in ast.walk(without_annotations(tree_of(function))):
            if isinstance(node, ast.Call) and is_refusal(found := value_of(node.func, function)):
                yield Made(found, tuple(texts_of(node)), place)
            elif isinstance(node, ast.Name | ast.Attribute):
                yield value_of(node, function)


def written_in(cls: type) -> Iterator[FunctionType]:
    """The methods and properties of a class that have a source; a dataclass has others."""
    for found in vars(cls).values():
        function = getattr(found, "fget", None) or getattr(found, "func", None) or getattr(found, "__func__", found)
        if isinstance(function, FunctionType) and function.__code__.co_filename == inspect.getsourcefile(cls):
            yield function


def is_refusal(found: Any) -> bool:
    return inspect.isclass(found) and issubclass(found, Refusal)


def value_of(node: ast.expr, function: FunctionType) -> Any:
    """Of a name, or of ``module.name``; None for anything that is not there before the function runs."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(module := value_of(node.value, function), ModuleType):
        return getattr(module, node.attr, None)
    return None


def texts_of(call: ast.Call) -> Iterator[str]:
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function)))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def without_annotations(tree: ast.FunctionDef) -> ast.FunctionDef:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns, node.decorator_list = None, []
    return tree


# --- Cases -----------------------------------------------------------------------------------------------------------


class Fixtures:
    """A test's fixtures by their names, made when they are first asked for."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> Any:
        return self._request.getfixturevalue(name)


class Refused(NamedTuple):
    """``says``: part of what the refusal says, or its field. ``arranged``: with what the action is then called."""

    action: Callable[..., Any]
    says: str
    arranged: Callable[[Fixtures], dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.action.__name__}: {self.says}"

    @property
    def action_name(self) -> str:
        return f"{self.action.__module__}.{self.action.__name__}"


def assert_refused(case: Refused, request: pytest.FixtureRequest) -> None:
    """The action refuses, for the reason that the case gives, and every row of every table is as it was."""
    arguments = case.arranged(Fixtures(request))
    before = all_rows()
    with pytest.raises(Refusal) as refused:
        case.action(**arguments)
    assert case.says in refused.value.detail or case.says == refused.value.field, refused.value.detail
    assert all_rows() == before


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Table → its rows."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = cursor.fetchall()
    return found


def without_a_case(subject: str, cases: Sequence[Refused]) -> list[str]:
    """The refusals of this subject's actions that no case stands for, and the cases that stand for none."""
    missing = []
    for name in actions():
        if name.startswith(f"{subject}."):
            missing += unmatched(name, [case for case in cases if case.action_name == name])
    return missing


def unmatched(name: str, cases: Sequence[Refused]) -> list[str]:
    """A case stands for the refusal with its words; one with the words of none for a refusal whose words are made as
    it happens."""
    found = refusals_of(name)
    with_words = {made: [case for case in cases if made.has(case.says)] for made in found if made.words}
    left = [case for case in cases if not any(case in matching for matching in with_words.values())]
    without = [made for made in found if not made.words]
    missing = [made for made, matching in with_words.items() if not matching] + ([] if left else without)
    return [f"{name}: no case for {made.refusal.__name__} {made.texts}" for made in missing] + [
        f"{case}: there is no such refusal" for case in left if not without
    ]
