"""What `sam build` puts into a zip: the same program on the same lines, without what only readers need."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import strip

SOURCE = Path(strip.__file__).parent
MODULES = [path for path in sorted(SOURCE.glob("*/*.py")) if path.stat().st_size]

READ = b'''"""A module."""

from __future__ import annotations

import os  # for its name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        Callable,
    )
else:
    Callable = dict  # at run time
LIMIT: int = 5
"""About LIMIT."""
(other): "int" = 6


class Error(Exception):
    """Says
    why.
    """


# \xc2\xa7 2
async def h\xc3\xa9(a: dict[str, int], /, *b: int, c: "Callable[[int], str] | None" = None) -> tuple[
    int, ...
]:  # \xc2\xa7 3
    """Not #this."""
    # \xc2\xa7 4
    return f"# {a}", """
    # kept\x20
    """, lambda x: x  # -> \xc2\xa7
'''

SHIPPED = b'''



import os

TYPE_CHECKING = False
if TYPE_CHECKING:
 ...


else:
 Callable = dict
LIMIT = 5
...
(other) = 6


class Error(Exception):
 ...





async def h\xc3\xa9(a, /, *b, c = None)

:
 ...

 return f"# {a}", """
    # kept\x20
    """, lambda x: x
'''


def test_stripped():
    """Comments, docstrings, annotations and what type checkers read are gone; the rest is on its line."""
    assert strip.strip(READ).splitlines() == SHIPPED.splitlines()


@pytest.mark.parametrize(
    "source",
    [b"", b'"""Nothing else."""', b'"""Nothing else."""\n', b"# \xc2\xa7", b'def f(): "doc"; return 1\n'],
)
def test_stripped_compiles(source: bytes):
    """A module may be empty or hold nothing but its docstring."""
    compile(strip.strip(source), "module.py", "exec")


@pytest.mark.parametrize(
    ("source", "shipped"),
    [
        (b"class C:\n    x: Later = 0\n", b"class C:\n x: Later = 0\n"),
        (
            b"class C:\n    def f(self):\n        self.y: int = 0\n    x: int\n",
            b"class C:\n def f(self):\n  self.y = 0\n x: int\n",
        ),
        (b"unset: Later\nset: int = 0\n", b"unset: Later\nset = 0\n"),
    ],
)
def test_annotations_that_stay(source: bytes, shipped: bytes):
    """Dataclasses and their like read those of a class; with what stays, the import stays that makes it text."""
    future = b"from __future__ import annotations\n"
    assert strip.strip(future + source) == future + shipped


class Shipped(ast.NodeTransformer):
    """Takes out of a syntax tree what is not shipped."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        return ast.copy_location(ast.Assign([node.target], node.value), node) if node.value else node

    def visit_ClassDef(self, node):
        node.body = [each if isinstance(each, ast.AnnAssign) else self.visit(each) for each in node.body]
        node.body = [each for each in node.body if each is not None]
        return node

    def visit_ImportFrom(self, node):
        return None if node.module == "__future__" else node

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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_module_is_the_same_program(path: Path):
    """What ships of each module has its source's statements, on their lines, and no docstring."""
    source = path.read_bytes()
    shipped = strip.strip(source)
    assert program(shipped) == program(source)
    compile(shipped, path, "exec")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(shipped)) if isinstance(node, documented)]
    assert [ast.get_docstring(node) for node in nodes] == [None] * len(nodes)


TREE = {
    "function/__init__.py": "",
    "function/handler.py": "import shared.plain\ndef handler():\n    from shared import inside, name\n",
    "function/own.py": "from . import handler\nimport other.module\nif TYPE_CHECKING:\n    import shared.types\n",
    "function/deep/page.html": "<!-- # -->",
    "function/__pycache__/own.cpython-311.pyc": "",
    "shared/__init__.py": "",
    "shared/plain.py": "from shared.package.module import name\n",
    "shared/inside.py": "from .package import sibling\nimport json, shared.missing\n",
    "shared/package/__init__.py": "from . import beside\n",
    "shared/package/module.py": "import shared.plain\n",
    "shared/package/sibling.py": "from ..up import name\n",
    "shared/package/beside.py": "",
    "shared/package/unused.py": "",
    "shared/up.py": "",
    "shared/types.py": "",
    "shared/unused.py": "import shared.types\n",
    "other/__init__.py": "",
    "other/module.py": "",
}


def test_what_is_copied(tmp_path: Path, monkeypatch):
    """The function's package whole; of the shared one what is imported, wherever, with the packages around it."""
    for name, text in TREE.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path / "source")
    strip.main(str(tmp_path / "copy"), "function", "shared")
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    unwanted = ("__pycache__", "unused", "types", "other")
    assert copied == {name for name in TREE if not any(word in name for word in unwanted)}
    assert (tmp_path / "copy/function/deep/page.html").read_text() == "<!-- # -->"


def test_build_without_python(tmp_path: Path):
    """A machine without Python, or with an old one, is told what is missing."""
    command = ["make", "--silent", "-C", SOURCE, "build-AnyFunction", f"ARTIFACTS_DIR={tmp_path}"]
    environment = {**os.environ, "PYTHON": "no-such-python", "MAKEFLAGS": ""}  # of the `make test PYTHON=...` around
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    message = "Python 3.9 or later is needed; no-such-python is not. Name one: PYTHON=python3.13 sam build"
    assert (run.returncode, message in run.stderr.splitlines()) == (2, True)


def test_syntax_error(tmp_path):
    """A file that is no Python is named, with the line, and nothing is built of it."""
    package = tmp_path / "broken"
    package.mkdir()
    (package / "handler.py").write_text("def handler(event, context):\n    return {\n")
    command = [sys.executable, str(SOURCE / "strip.py"), str(tmp_path / "built"), "broken"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert 'File "broken/handler.py", line 2' in run.stderr
    assert not list((tmp_path / "built").rglob("*.py"))
