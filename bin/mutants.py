"""Change the code in small ways, and name the changes that no test notices and docs/mutants.md does not explain.

mutmut works on a copy in var/mutants/, set up by ``[tool.mutmut]`` in pyproject.toml. It leaves decorated functions
alone, so in the copy each decorator is applied after its function, which is the same to Python.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import libcst

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "mutants"
COPY = WORK / "copy"
EXPLAINED = ROOT / "docs" / "mutants.md"
SURVIVING = ("survived", "no tests", "suspicious", "segfault")
CONFTEST = "from tests.support.mutation_run import nothing_remembered\n"
DIFF_BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Mutant(NamedTuple):
    """Where the change is, and its lines as they were and as they became, without indentation."""

    function: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        lines = [*(f"-{line}" for line in self.before), *(f"+{line}" for line in self.after)]
        return "\n".join([f"# {self.function}", *lines])


def main(patterns: list[str]) -> int:
    modules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]["only_mutate"]
    make_copy(modules)
    run_mutmut(patterns)
    return report(survivors(), is_whole=not patterns)


def make_copy(modules: list[str]) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, COPY / name)
    for module in modules:
        source = libcst.parse_module((COPY / module).read_text())
        (COPY / module).write_text(source.visit(DecoratorsAfter()).code)
    (COPY / "conftest.py").write_text(CONFTEST)
    (COPY / "var").mkdir()


class DecoratorsAfter(libcst.CSTTransformer):
    """``@a`` before ``def f`` becomes ``f = a(f)`` after it."""

    def leave_FunctionDef(
        self, original_node: libcst.FunctionDef, updated_node: libcst.FunctionDef
    ) -> libcst.FunctionDef | libcst.FlattenSentinel[libcst.BaseStatement]:
        if not updated_node.decorators:
            return updated_node
        value: libcst.BaseExpression = updated_node.name
        for decorator in reversed(updated_node.decorators):
            value = libcst.Call(decorator.decorator, [libcst.Arg(value)])
        decorate = libcst.Assign([libcst.AssignTarget(updated_node.name)], value)
        return libcst.FlattenSentinel(
            [updated_node.with_changes(decorators=[]), libcst.SimpleStatementLine([decorate])]
        )


def mutmut(*arguments: str, **streams: Any) -> str:
    """What it prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=COPY, text=True, check=False, **streams)
    if done.returncode:
        sys.exit(f"This failed in {COPY}: {' '.join(command)}")
    return done.stdout


def run_mutmut(patterns: list[str]) -> None:
    """It says again and again in one line how far it is: where nobody watches, in a file, with its children's logs."""
    with open(WORK / "log", "w") as log:
        output = None if sys.stdout.isatty() else log
        mutmut("run", "--max-children", str(len(os.sched_getaffinity(0))), *patterns, stdout=output, stderr=log)


def survivors() -> list[Mutant]:
    """In the order of the files."""
    told = [line.strip().rpartition(": ") for line in mutmut("results", stdout=subprocess.PIPE).splitlines()]
    names = [name for name, _colon, status in told if status in SURVIVING]
    return [mutant_of(name, mutmut("show", name, stdout=subprocess.PIPE)) for name in names]


def mutant_of(name: str, shown: str) -> Mutant:
    """``name``: as mutmut has it, ``a.module.x_function__mutmut_1`` or ``a.module.xǁClassǁmethod__mutmut_1``."""
    module, _dot, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    function = ".".join(mangled.split("ǁ")[1:]) or mangled.removeprefix("x_")
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    return Mutant(f"{module}.{function}", changed(lines, "-"), changed(lines, "+"))


def changed(lines: list[str], sign: str) -> tuple[str, ...]:
    return tuple(line[1:].strip() for line in lines if line.startswith(sign))


def explained() -> set[Mutant]:
    """Those in the diffs of docs/mutants.md: ``# a.module.function`` and the changed lines, as printed here."""
    found = set()
    for block in DIFF_BLOCK.findall(EXPLAINED.read_text()):
        for part in re.split(r"^# ", block, flags=re.MULTILINE)[1:]:
            function, *lines = part.splitlines()
            found.add(Mutant(function, changed(lines, "-"), changed(lines, "+")))
    return found


def report(survived: list[Mutant], *, is_whole: bool) -> int:
    """The status: 1 if a survivor is not explained."""
    known = explained()
    new = [mutant for mutant in survived if mutant not in known]
    for mutant in new:
        print(mutant, end="\n\n")
    if is_whole and (gone := known - set(survived)):
        print("Explained in docs/mutants.md, but it does not survive (any more):")
        for mutant in sorted(gone):
            print(mutant, end="\n\n")
    print(f"{len(survived)} survived, {len(survived) - len(new)} of them explained in docs/mutants.md.")
    return bool(new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
