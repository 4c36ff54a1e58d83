"""Copies an edge function's packages for its zip, without what only readers need: `strip.py DIRECTORY PACKAGE...`

A visitor waits while Lambda fetches the zip and compiles it, which it does on every cold start, for a function cannot
keep byte code. So comments, docstrings, annotations of functions and `if TYPE_CHECKING:` blocks stay here. Each line
keeps its number: a traceback from the edge points into the source.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

# From, to, and what to put there: octets of a source file.
Cut = tuple[int, int, bytes]


def main(directory: str, *packages: str) -> None:
    """Copy packages of the working directory into a directory."""
    for path in sorted(path for package in packages for path in Path(package).rglob("*.py")):
        target = Path(directory, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(strip(path.read_bytes()))


def strip(source: bytes) -> bytes:
    """A module that does the same on the same lines."""
    lines = list(accumulate(map(len, source.splitlines(keepends=True)), initial=0))
    stripped, position = b"", 0
    for start, end, replacement in sorted([*unneeded_nodes(source, lines), *comments(source, lines)]):
        if start >= position:  # else it lies in what has been cut
            stripped += source[position:start] + replacement + b"\n" * source.count(b"\n", start, end)
            position = end
    return stripped + source[position:]


def unneeded_nodes(source: bytes, lines: list[int]) -> Iterator[Cut]:
    """What the syntax tree tells, all but comments. A statement leaves a 0, lest its block be empty."""

    def start(node: ast.expr | ast.stmt | ast.arg) -> int:
        return lines[node.lineno - 1] + node.col_offset

    def end(node: ast.expr | ast.stmt | ast.arg) -> int:
        return lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):  # a docstring
                yield start(node), end(node), b"0"
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield start(node.body[0]), end(node.body[-1]), b"0"
            case ast.arg(annotation=ast.expr() as annotation):
                yield start(node) + len(node.arg.encode()), end(annotation), b""
            case ast.FunctionDef(returns=ast.expr() as returns) | ast.AsyncFunctionDef(returns=ast.expr() as returns):
                yield len(source[: source.rindex(b"->", 0, start(returns))].rstrip()), end(returns), b""


def comments(source: bytes, lines: list[int]) -> Iterator[Cut]:
    """Comments, with the space before them: the syntax tree does not hold them."""
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        if token.type == tokenize.COMMENT:
            before = token.line[: token.start[1]]
            line = lines[token.start[0] - 1]
            yield line + len(before.rstrip().encode()), line + len((before + token.string).encode()), b""


if __name__ == "__main__":
    main(*sys.argv[1:])
