"""Breaks one place in facts.py or rules/ at a time, and expects the tests beside this file to fail each time.

    python cloudfront-local/tests/rules/mutate.py [TEXT]    # only mutants whose description contains TEXT

The mutants of facts.py, for the names that rules use: each entry of a list is removed, each number is one more and one
less, each sentence ends in another word. The mutants of rules/: each function does nothing or returns the opposite,
each `yield` is removed, each condition is negated, each comparison and number is changed. The program prints the
mutants that survive, then the score. Its exit status is 1 if a mutant survives that EQUIVALENT does not explain.

Each mutant runs in a fork that has pytest loaded already, and takes about a second. The generated tests
(test_properties.py) do not run: the other tests must notice each mutant without them.
"""

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FACTS = ROOT / "cloudfront_local/rules/facts.py"
RULES = sorted(path for path in FACTS.parent.glob("[!_]*.py") if path.name not in ("facts.py", "table.py"))
TESTS = [str(path) for path in sorted(HERE.glob("test_*.py")) if path.name != "test_properties.py"]
SECONDS = 120

# A part of a mutant's description, and the reason why no test can notice that mutant.
EQUIVALENT = {
    " _response_completion_timeout, 0: 1 for 0": "a whole number under 1 is 0, which is allowed, or under 0",
    " _original, 0: -1 for 0": "an event has one record",
}

# A mutation: its description, and the function that changes a node in a copy of the tree.
Mutation = tuple[str, Callable[[Any], None]]

ONE_OFF = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def facts_mutations(node: ast.AST) -> Iterator[Mutation]:
    if isinstance(node, (ast.Set, ast.List, ast.Tuple)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for index, element in enumerate(node.elts):
            yield f"without {ast.unparse(element)[:60]}", lambda n, index=index: n.elts.pop(index)
    if isinstance(node, ast.Dict):
        for index, key in enumerate(node.keys):
            yield f"without {ast.unparse(key)}", lambda n, index=index: (n.keys.pop(index), n.values.pop(index))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield from one_more_and_less(node.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield "another word", lambda n: setattr(n, "value", f"{n.value} indeed")


def rules_mutations(node: ast.AST) -> Iterator[Mutation]:
    if isinstance(node, ast.FunctionDef):
        yield from function_mutations(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Yield, ast.YieldFrom)):
        yield "left out", lambda n: setattr(n, "value", ast.Constant(None))
    if isinstance(node, (ast.If, ast.IfExp)) or (isinstance(node, ast.comprehension) and node.ifs):
        for value in (True, False):
            yield f"always {value}", lambda n, value=value: decide(n, value)
    if isinstance(node, ast.Compare):
        changed = ONE_OFF[type(node.ops[0])]
        yield f"with {changed.__name__}", lambda n: n.ops.__setitem__(0, changed())
        if len(node.ops) == 2:
            second = ONE_OFF[type(node.ops[1])]
            yield f"with a second {second.__name__}", lambda n: n.ops.__setitem__(1, second())
    if isinstance(node, ast.BoolOp):
        yield f"with {ONE_OFF[type(node.op)].__name__}", lambda n: setattr(n, "op", ONE_OFF[type(n.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield from one_more_and_less(node.value)


def function_mutations(node: ast.FunctionDef) -> Iterator[Mutation]:
    if any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node)):
        yield "does nothing", lambda n: setattr(n, "body", ast.parse("return\nyield").body)
    elif isinstance(node.returns, ast.Name) and node.returns.id == "bool":
        for value in (True, False):
            yield f"is always {value}", lambda n, value=value: setattr(n, "body", [ast.Return(ast.Constant(value))])


def one_more_and_less(number: int) -> Iterator[Mutation]:
    for other in (number + 1, number - 1):
        yield f"{other} for {number}", lambda n, other=other: setattr(n, "value", other)


def decide(node: Any, value: bool) -> None:
    if isinstance(node, ast.comprehension):
        node.ifs = [ast.Constant(value)]
    else:
        node.test = ast.Constant(value)


def names_in_use() -> set[str]:
    """The names of facts.py that rules read, and the names in the definitions of those."""
    names = {
        node.attr
        for path in RULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "facts"
    }
    for statement in reversed(ast.parse(FACTS.read_text()).body):
        if names & defined(statement):
            names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return names


def defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def mutants() -> Iterator[tuple[str, str, ast.Module]]:
    """The module name, description and tree of every mutant."""
    in_use = names_in_use()
    for path in (FACTS, *RULES):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text())
        for top, statement in enumerate(tree.body):
            if path == FACTS and not defined(statement) & in_use:
                continue
            for position, node in enumerate(ast.walk(statement)):
                of_data = path == FACTS and not isinstance(statement, ast.FunctionDef)
                for what, change in (facts_mutations if of_data else rules_mutations)(node):
                    mutant = copy.deepcopy(tree)
                    change(list(ast.walk(mutant.body[top]))[position])
                    where = f"{path.name}:{getattr(node, 'lineno', statement.lineno)} {'/'.join(defined(statement))}"
                    yield module, f"{where}, {source(node)}: {what}", ast.fix_missing_locations(mutant)


def source(node: ast.AST) -> str:
    text = f"def {node.name}" if isinstance(node, ast.FunctionDef) else ast.unparse(node)
    return " ".join(text.split())[:70]


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:  # noqa: ARG002 - importlib's own
        if fullname != self.module:
            return None
        file = ROOT / f"{fullname.replace('.', '/')}.py"  # a test looks for the package beside the module's file
        return importlib.util.spec_from_file_location(fullname, file, loader=self)

    def exec_module(self, module: Any) -> None:
        exec(compile(self.tree, self.module, "exec"), module.__dict__)  # noqa: S102 - our own source, changed


def start(module: str, tree: ast.Module) -> int:
    """Runs the tests in a fork that imports this module instead of the real one; returns the fork's id."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)  # a mutant that hangs counts as noticed
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        sys.meta_path.insert(0, Mutated(module, tree))
        os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *TESTS]))
    return child


def main(text: str = "") -> int:
    chosen = [mutant for mutant in mutants() if text in mutant[1]]
    # The tests run without a mutant first and last. If they fail then, they fail for another reason than a mutant.
    unchanged = [("cloudfront_local.rules.facts", "nothing changed", ast.parse(FACTS.read_text()))]
    sound = bool(survivors_of(unchanged))
    survivors = survivors_of(chosen) if sound else []
    if not (sound and survivors_of(unchanged)):
        sys.exit("The tests fail without a mutant: the score would mean nothing.")
    for what in survivors:
        say(f"survived: {what} {explanation(what)}")
    missed = [what for what in survivors if not explanation(what)]
    noticed = len(chosen) - len(survivors)
    say(f"{noticed} of {len(chosen)} mutants noticed, {len(survivors) - len(missed)} equivalent, {len(missed)} missed")
    return 1 if missed else 0


def survivors_of(chosen: list[tuple[str, str, ast.Module]]) -> list[str]:
    """The mutants that no test notices. Runs as many mutants at a time as the machine has processors."""
    running: dict[int, str] = {}
    survivors: list[str] = []

    def wait() -> None:
        child, status = os.wait()
        what = running.pop(child)
        if status == 0:
            survivors.append(what)

    for module, what, tree in chosen:
        if len(running) == os.cpu_count():
            wait()
        running[start(module, tree)] = what
    while running:
        wait()
    return survivors


def explanation(what: str) -> str:
    return next((f"({reason})" for known, reason in EQUIVALENT.items() if known in what), "")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a report to read


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(*sys.argv[1:]))
