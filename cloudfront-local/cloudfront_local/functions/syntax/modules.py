"""Imports, exports and meta properties."""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax.refusal import Judge, Refusal, unexpected
from cloudfront_local.functions.syntax.tree import named, text

_NOT_DEFAULT = "SyntaxError: Non-default import is not supported"


def _import(node: Node) -> Refusal | None:
    clause = next((child for child in node.children if child.type == "import_clause"), None)
    if clause is not None and [child.type for child in clause.named_children] == ["identifier"]:
        return None
    return Refusal(node, _NOT_DEFAULT, "Write import cf from 'cloudfront';")


def _call(node: Node) -> Refusal | None:
    function = named(node, "function")
    if function is None or function.type != "import":
        return None
    return Refusal(node, _NOT_DEFAULT, "Write import cf from 'cloudfront'; on the first line")


def _export(node: Node) -> Refusal:
    return Refusal(
        node, "SyntaxError: Illegal export statement", "Remove the export: the runtime calls `function handler(event)`"
    )


def _meta_property(node: Node) -> Refusal:
    if text(node).startswith("import"):
        return Refusal(node, _NOT_DEFAULT, "The runtime has no import.meta")
    return unexpected(node, ".", "The runtime has no new.target")


JUDGES: dict[str, Judge] = {
    "meta_property": _meta_property,
    "import_statement": _import,
    "call_expression": _call,
    "export_statement": _export,
}
