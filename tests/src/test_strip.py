"""What `sam build` puts into a zip: the same program on the same lines, without what only readers need."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import strip

SOURCE = Path(strip.__file__).parent

READ = b'''"""A module."""

import os  # for its name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        Callable,
    )
LIMIT: int = 5


class Error(Exception):
    """Says
    why.
    """


# \xc2\xa7 2
async def h\xc3\xa9(a: "dict[str, int]", /, *b: int, c: "Callable[[int], str] | None" = None) -> tuple[
    int, ...
]:  # \xc2\xa7 3
    """Not #this."""
    # \xc2\xa7 4
    return f"# {a}", """
    # kept\x20
    """, lambda x: x  # -> \xc2\xa7
'''

SHIPPED = b'''0

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    0


LIMIT: int = 5


class Error(Exception):
    0





async def h\xc3\xa9(a, /, *b, c = None)

:
    0

    return f"# {a}", """
    # kept\x20
    """, lambda x: x
'''


def test_stripped():
    """Comments, docstrings, annotations and what type checkers read are gone; the rest is in its place."""
    assert strip.strip(READ).splitlines() == SHIPPED.splitlines()


class Shipped(ast.NodeTransformer):
    """Takes out of a syntax tree what is not shipped."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else node

    def visit_If(self, node):
        if ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
        return self.generic_visit(node)


def program(source: bytes) -> tuple[str, list[int]]:
    """The statements of a module and their lines, apart from what is not shipped."""
    tree = Shipped().visit(ast.parse(source))
    return ast.dump(tree, indent=1), [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]


@pytest.mark.parametrize("path", sorted(SOURCE.glob("[ae]*/*.py")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_module_is_the_same_program(path: Path):
    """What ships of each module has its source's statements, on their lines."""
    source = path.read_bytes()
    assert program(strip.strip(source)) == program(source)


def test_packages_are_copied(tmp_path: Path):
    """The command copies the packages that it is given, whole, and nothing else."""
    command = [sys.executable, "strip.py", tmp_path, "authorizer", "edge"]
    subprocess.run(command, cwd=SOURCE, check=True)
    copied = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert copied == {path.relative_to(SOURCE) for path in SOURCE.glob("[ae]*/*.py")}
