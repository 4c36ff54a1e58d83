"""Classes, generators and await."""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax.refusal import Judge, Refusal, unexpected, unsupported
from cloudfront_local.functions.syntax.tree import FUNCTIONS, ancestors, text

_CLASS = "Write a function that returns an object"


_NO_GENERATOR = "Build an array instead of a generator"


def _class(node: Node) -> Refusal:
    return unsupported(node, "class", _CLASS)


def _super(node: Node) -> Refusal:
    return unsupported(node, "super", _CLASS)


def _generator(node: Node) -> Refusal:
    star = next((child for child in node.children if child.type == "*"), node)
    if node.type == "generator_function":
        return unsupported(star, "*", _NO_GENERATOR)
    return unexpected(star, "*", _NO_GENERATOR)


def _method(node: Node) -> Refusal | None:
    return _generator(node) if any(child.type == "*" for child in node.children) else None


def _yield(node: Node) -> Refusal:
    value = node.named_children[0] if node.named_children else node
    return unexpected(node, text(value), _NO_GENERATOR)


def _private(node: Node) -> Refusal:
    return unexpected(node, "#", "Name the member without #")


def _await(node: Node) -> Refusal | None:
    """`await` in arguments of a call, and outside of any function."""
    for outer in ancestors(node):
        if outer.type == "arguments":
            return Refusal(
                node,
                "SyntaxError: await in arguments not supported",
                "Await first: var value = await promise; then f(value)",
            )
        if outer.type in FUNCTIONS:
            return None
    return Refusal(
        node, "SyntaxError: await is only valid in async functions", "Await inside `async function handler(event)`"
    )


JUDGES: dict[str, Judge] = {
    "class_declaration": _class,
    "class": lambda node: _class(node) if node.is_named else None,
    "super": _super,
    "generator_function": _generator,
    "generator_function_declaration": _generator,
    "method_definition": _method,
    "await_expression": _await,
    "yield_expression": _yield,
    "private_property_identifier": _private,
}
