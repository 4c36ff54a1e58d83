"""What a source does otherwise on CloudFront than here, without an error. These are warnings.

Source: measured, njs 0.7.9 to 0.8.2 beside QuickJS; what is unverified says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from cloudfront_local.functions.syntax.finding import Finding
from cloudfront_local.functions.syntax.tree import FUNCTIONS, Tree, named, text

_PCRE = re.compile(r"\(\?[imsx]|\(\?>|\\A|\\[zZ](?!\w)|\[\[:\w+:\]\]|[*+?}]\+|\(\?P<|\\K|\\G|\\R(?!\w)|\\h")
_CONSOLE = frozenset({"error", "warn", "info", "debug", "trace", "table", "dir", "dump", "time", "timeEnd"})


def differences(tree: Tree) -> Iterator[Finding]:
    asynchronous = _asynchronous(tree)
    for node in tree.nodes():
        for message, advice in (*_of(node), *_forgotten(node, asynchronous)):
            yield Finding(tree.file, *tree.position(node), message, advice, is_warning=True)


def _asynchronous(tree: Tree) -> set[str]:
    """The names of the async functions that the source declares."""
    found = set()
    for node in tree.nodes():
        if node.type in FUNCTIONS and node.children[0].type == "async":
            is_value = node.parent is not None and node.parent.type == "variable_declarator"
            found.add(text(named(node.parent if is_value and node.parent else node, "name")))
    return found


def _forgotten(node: Node, asynchronous: set[str]) -> Iterator[tuple[str, str]]:
    """A call of an async function as a statement of its own."""
    call = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
    if call is not None and call.type == "call_expression" and text(named(call, "function")) in asynchronous:
        yield (
            "Nothing awaits this promise. Its rejection is an error of the call on CloudFront, and is lost here",
            "Write await before the call",
        )


def _of(node: Node) -> Iterator[tuple[str, str]]:
    match node.type:
        case "string" | "template_string" if any(ord(character) > 0xFFFF for character in text(node)):
            yield (
                "CloudFront counts a character outside the Basic Multilingual Plane as one, this tool as two",
                "Do not rely on length, charCodeAt or slice of this text",
            )
        case "regex" if _PCRE.search(text(named(node, "pattern"))):
            yield (
                "CloudFront reads this pattern as PCRE does, this tool as ECMAScript does",
                "Write a pattern that means the same in both",
            )
        case "call_expression":
            yield from _console(node)
        case "lexical_declaration":
            names = [text(named(child, "name")) for child in node.named_children]
            if "handler" in names and node.parent is not None and node.parent.type == "program":
                yield (
                    "No source says whether CloudFront finds a handler that const or let declares",
                    "Write function handler(event)",
                )
        case "import_statement":
            yield from _import(node)


def _console(call: Node) -> Iterator[tuple[str, str]]:
    function, arguments = named(call, "function"), named(call, "arguments")
    if function is None or text(named(function, "object")) != "console":
        return
    method = text(named(function, "property"))
    if method in _CONSOLE:
        yield f"CloudFront documents console.log only: console.{method} is no function", "Use console.log"
    elif method == "log" and arguments is not None and len(arguments.named_children) > 1:
        yield "console.log takes one value", "Join the values with +"


def _import(node: Node) -> Iterator[tuple[str, str]]:
    module = text(named(node, "source")).strip("'\"")
    if module == "cloudfront":
        if node.start_point[0] > 0:
            yield "CloudFront's guide asks for this import on the first line", "Move it to the first line"
    else:
        yield f"No source says whether CloudFront imports '{module}'", f"Write const name = require('{module}')"
