"""A function's source as a syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_javascript.language()))
FUNCTIONS = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition"}
    | {"generator_function", "generator_function_declaration"}
)


@dataclass(frozen=True)
class Tree:
    """The tree of a source, with the name of its file."""

    file: str
    source: bytes
    root: Node

    def nodes(self) -> Iterator[Node]:
        """Every node, in the order of the source."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def position(self, node: Node) -> tuple[int, int]:
        """Line and column of a node's first character, from 1."""
        row, column = node.start_point
        start = node.start_byte - column
        return row + 1, len(self.source[start : node.start_byte].decode(errors="replace")) + 1


def parse(source: str, file: str) -> Tree:
    encoded = source.encode()
    return Tree(file, encoded, _PARSER.parse(encoded).root_node)


def text(node: Node | None) -> str:
    """The source text of a node; empty for None."""
    return (node.text or b"").decode(errors="replace") if node else ""


def named(node: Node, field: str) -> Node | None:
    return node.child_by_field_name(field)


def ancestors(node: Node) -> Iterator[Node]:
    parent = node.parent
    while parent:
        yield parent
        parent = parent.parent
