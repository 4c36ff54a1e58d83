"""Syntax that binds names: loops, destructuring, parameters, spread, catch."""

from __future__ import annotations

import re

from tree_sitter import Node

from cloudfront_local.functions.syntax.refusal import Judge, Refusal, unexpected, unsupported
from cloudfront_local.functions.syntax.tree import named, text

_NAMES_ONE_BY_ONE = "Read each member by its name: var a = value.a;"


def _loop(node: Node) -> Refusal | None:
    keyword = next((child for child in node.children if child.type == "await"), None)
    if keyword:
        return unsupported(keyword, "await", "Await each promise in a loop with an index")
    operator = named(node, "operator")
    if text(operator) != "of":
        return _pattern(named(node, "left"))
    if pattern := _pattern(named(node, "left")):
        return pattern
    return unsupported(operator or node, "of", "Write a loop with an index, or forEach")


def _is_pattern(node: Node | None) -> bool:
    return node is not None and node.type in ("object_pattern", "array_pattern")


def _pattern(node: Node | None) -> Refusal | None:
    return unsupported(node, text(node)[0], _NAMES_ONE_BY_ONE) if node and _is_pattern(node) else None


def _declarator(node: Node) -> Refusal | None:
    """njs names the token behind the first bracket."""
    name = named(node, "name")
    if name is None or not _is_pattern(name):
        return None
    first = re.search(r"[\w$]+|\S", text(name)[1:])
    return unsupported(name, first[0] if first else "", _NAMES_ONE_BY_ONE)


def _assignment(node: Node) -> Refusal | None:
    left = named(node, "left")
    if left is None or not _is_pattern(left):
        return None
    return Refusal(left, "ReferenceError: Invalid left-hand side in assignment", _NAMES_ONE_BY_ONE)


def _parameters(node: Node) -> Refusal | None:
    in_arrow = node.parent is not None and node.parent.type == "arrow_function"
    for parameter in node.named_children:
        if parameter.type == "assignment_pattern":
            token = "=>" if in_arrow else "="
            return unexpected(parameter, token, "Set the default in the body: if (x === undefined) x = ...")
        if parameter.type == "rest_pattern" and _is_pattern(parameter.named_children[0]):
            token = "..." if in_arrow else text(parameter.named_children[0])[0]
            return unexpected(parameter, token, _NAMES_ONE_BY_ONE)
        if found := _pattern(parameter):
            return unexpected(parameter, "=>", _NAMES_ONE_BY_ONE) if in_arrow else found
    return None


def _catch(node: Node) -> Refusal | None:
    parameter = named(node, "parameter")
    if parameter is None:
        return unsupported(node, "{", "Name the error: catch (error) {")
    return _pattern(parameter)


def _spread(node: Node) -> Refusal:
    if node.parent is not None and node.parent.type == "object":
        return unsupported(node, "...", "Use Object.assign({}, a, b)")
    return unexpected(node, "...", "Use a.concat(b) for arrays, f.apply(null, list) for calls")


JUDGES: dict[str, Judge] = {
    "for_in_statement": _loop,
    "variable_declarator": _declarator,
    "assignment_expression": _assignment,
    "formal_parameters": _parameters,
    "catch_clause": _catch,
    "spread_element": _spread,
}
