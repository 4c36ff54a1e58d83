"""The syntax that cloudfront-js-1.0 refuses and 2.0 has."""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax.refusal import Judge, Refusal, unexpected, unsupported
from cloudfront_local.functions.syntax.tree import named, text

_RUNTIME_2 = "or choose the runtime cloudfront-js-2.0"


def _lexical(node: Node) -> Refusal:
    return unsupported(node, text(node.children[0]), f"Write var, {_RUNTIME_2}")


def _async(node: Node) -> Refusal | None:
    keyword = next((child for child in node.children if child.type == "async"), None)
    return unsupported(keyword, "async", f"Use a promise's then, {_RUNTIME_2}") if keyword else None


def _import_of_1(node: Node) -> Refusal:
    return Refusal(node, "SyntaxError: Illegal import statement", f"Use require, {_RUNTIME_2}")


def _separated_number(node: Node) -> Refusal | None:
    return unexpected(node, "_", f"Write the digits together, {_RUNTIME_2}") if "_" in text(node) else None


def _sticky(node: Node) -> Refusal | None:
    flags = text(named(node, "flags"))
    if "y" not in flags:
        return None
    return Refusal(node, f'SyntaxError: Invalid RegExp flags "{flags}"', f"Leave y out, {_RUNTIME_2}")


JUDGES: dict[str, Judge] = {
    "lexical_declaration": _lexical,
    "function_declaration": _async,
    "function_expression": _async,
    "arrow_function": _async,
    "method_definition": _async,
    "import_statement": _import_of_1,
    "number": _separated_number,
    "regex": _sticky,
}
