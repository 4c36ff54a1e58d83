"""Copies a function's package for its zip, without what only readers need: `strip.py DIRECTORY PACKAGE [SHARED...]`

Of the shared packages it copies the modules that the function imports, directly or not, wherever the statement stands.

A visitor waits while Lambda fetches the zip and compiles it, which it does on every cold start, for a function cannot
keep byte code. So comments, docstrings, annotations (but those in the body of a class, for dataclasses read them), `if
TYPE_CHECKING:` blocks and most indentation stay here. Each line keeps its number: a traceback from the edge points into
the source.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

# From, to, and what to put there: octets of a source file.
Cut = tuple[int, int, bytes]


def main(directory: str, package: str, *shared: str) -> None:
    """Copy from the working directory into a directory."""
    wanted = [path for path in Path(package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    copied: set[Path] = set()
    while wanted:
        path = wanted.pop()
        if path in copied:
            continue
        copied.add(path)
        content = path.read_bytes()
        if path.suffix == ".py":
            content = strip(content, path)
            wanted += [module for module in imported(content, path) if module.parts[0] in shared]
        target = Path(directory, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def imported(source: bytes, path: Path) -> Iterator[Path]:
    """The files in the working directory that a module imports, with the packages they are in."""
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            inside = [*path.parts[: -node.level], node.module] if node.level else [node.module]
            base = ".".join(filter(None, inside))
            names = [f"{base}.{alias.name}" for alias in node.names]  # each a module, or something in one
        else:
            continue
        for parts in (name.split(".") for name in names):
            folders = [Path(*parts[:depth]) for depth in range(1, len(parts) + 1)]
            files = [file for folder in folders for file in (folder / "__init__.py", folder.with_suffix(".py"))]
            yield from filter(Path.is_file, files)


def strip(source: bytes, path: Path = Path("module.py")) -> bytes:
    """A module that does the same on the same lines. Raises SyntaxError, which names the path."""
    module = ast.parse(source, path)
    lines = list(accumulate(map(len, source.splitlines(keepends=True)), initial=0))
    tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
    stripped, position = b"", 0
    cuts = [*unneeded_nodes(module, source, lines), *comments(tokens, lines), *indentation(tokens, lines)]
    for start, end, replacement in sorted(cuts):
        if start >= position:  # else it lies in what has been cut
            stripped += source[position:start] + replacement + b"\n" * source.count(b"\n", start, end)
            position = end
    return stripped + source[position:]


def unneeded_nodes(module: ast.Module, source: bytes, lines: list[int]) -> Iterator[Cut]:
    """What the syntax tree tells, all but comments. A statement leaves an ellipsis, lest its block be empty."""

    def start(node: ast.expr | ast.stmt | ast.arg) -> int:
        return lines[node.lineno - 1] + node.col_offset

    def end(node: ast.expr | ast.stmt | ast.arg) -> int:
        return lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    nodes = list(ast.walk(module))
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    fields = [node for each in classes for node in each.body]
    annotated = [node for node in nodes if isinstance(node, ast.AnnAssign)]
    kept = [node for node in annotated if node in fields or not node.value]
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            # Before `from __future__ import ...` no statement may stand but a docstring.
            yield start(node), end(node), b"" if node is module.body[0] else b"..."
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield start(node.body[0]), end(node.body[-1]), b"..."
        elif isinstance(node, ast.AnnAssign) and node not in kept:
            yield source.rindex(b":", 0, start(node.annotation)), end(node.annotation), b""
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__" and not kept:
            yield start(node), end(node), b""
        elif isinstance(node, ast.arg) and node.annotation:
            yield start(node) + len(node.arg.encode()), end(node.annotation), b""
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
            yield len(source[: source.rindex(b"->", 0, start(node.returns))].rstrip()), end(node.returns), b""


def comments(tokens: list[tokenize.TokenInfo], lines: list[int]) -> Iterator[Cut]:
    """Comments, with the space before them: the syntax tree does not hold them."""
    for token in tokens:
        if token.type == tokenize.COMMENT:
            before = token.line[: token.start[1]]
            line = lines[token.start[0] - 1]
            yield line + len(before.rstrip().encode()), line + len((before + token.string).encode()), b""


def indentation(tokens: list[tokenize.TokenInfo], lines: list[int]) -> Iterator[Cut]:
    """What is more than one space a level, where a statement begins: 2 % of a zip."""
    depth, begins = 0, True
    for token in tokens:
        depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        if token.type == tokenize.NEWLINE:
            begins = True
        elif begins and token.type not in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT):
            begins = token.type == tokenize.ENCODING
            line = lines[token.start[0] - 1] if token.start[0] else 0
            yield line, line + token.start[1], b" " * depth


if __name__ == "__main__":
    main(*sys.argv[1:])
