"""A refusal of syntax, in the words of njs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tree_sitter import Node


class Refusal(NamedTuple):
    """A node that the runtime refuses, its message, and what to write instead."""

    node: Node
    message: str
    advice: str


Judge = Callable[[Node], Refusal | None]


def unsupported(node: Node, token: str, advice: str) -> Refusal:
    return Refusal(node, f'SyntaxError: Token "{token}" not supported in this version', advice)


def unexpected(node: Node, token: str, advice: str) -> Refusal:
    return Refusal(node, f'SyntaxError: Unexpected token "{token}"', advice)
