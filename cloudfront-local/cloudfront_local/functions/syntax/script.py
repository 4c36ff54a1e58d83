"""A function's source as the script that QuickJS runs: it has no loader of modules."""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax.tree import parse, text

_HANDLER = "\n;typeof handler === 'function' ? handler : undefined"


def script(source: str, file: str) -> tuple[str, str]:
    """The script, and the name under which the source imports the module `cloudfront` (empty: it does not).

    The source begins on the second line, and its lines stay: see environment.py. The script's value is the handler.
    """
    without, cloudfront = without_imports(source, file)
    return f"'use strict';\n{without}{_HANDLER}", cloudfront


def without_imports(source: str, file: str) -> tuple[str, str]:
    """The source with each import as a statement on the same line, and the name of the module `cloudfront`."""
    tree = parse(source, file)
    changed, cloudfront = tree.source, ""
    for node in reversed(tree.root.named_children):
        if node.type == "import_statement":
            name, module = _imported(node)
            statement = "" if module == "cloudfront" else f"var {name} = require('{module}');"
            cloudfront = name if module == "cloudfront" else cloudfront
            changed = changed[: node.start_byte] + statement.encode() + changed[node.end_byte :]
    return changed.decode(), cloudfront


def _imported(node: Node) -> tuple[str, str]:
    clause = next(child for child in node.named_children if child.type == "import_clause")
    module = text(node.child_by_field_name("source")).strip("'\"")
    return text(clause), module
