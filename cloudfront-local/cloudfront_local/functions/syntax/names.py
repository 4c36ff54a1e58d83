"""Names in a source that CloudFront's runtime does not have: globals, methods, and code from text."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.surface import surface
from cloudfront_local.functions.syntax.finding import Finding
from cloudfront_local.functions.syntax.tree import FUNCTIONS, Tree, ancestors, named, text

_ADDED = frozenset({"console", "require", "arguments", "undefined", "handler", "global"})
_ADDED_IN_2 = frozenset({"Buffer", "TextEncoder", "TextDecoder"})
_ADDED_IN_1 = frozenset({"MemoryError"})

_NO_TIMER = "The runtime has no timers. Answer at once, or await a promise of the key value store"
_NO_NETWORK = "The runtime has no network. Use a key value store, or Lambda@Edge"
_NO_MODULES = "Remove the line: the runtime has no module system, it calls the global `function handler(event)`"
_ABSENT = {
    **dict.fromkeys(("setTimeout", "setInterval", "setImmediate", "clearTimeout", "queueMicrotask"), _NO_TIMER),
    **dict.fromkeys(("fetch", "XMLHttpRequest", "WebSocket", "Request", "Response", "Headers"), _NO_NETWORK),
    **dict.fromkeys(("exports", "module", "__dirname", "__filename"), _NO_MODULES),
    "process": "The runtime has no environment variables. Write the value into the code, or use a key value store",
    "window": "The runtime is no browser",
    "document": "The runtime is no browser",
    **dict.fromkeys(("Map", "WeakMap"), "Use an object: Object.create(null)"),
    **dict.fromkeys(("Set", "WeakSet"), "Use an object whose keys are the members"),
    **dict.fromkeys(("Proxy", "Reflect"), "Read and write the members directly"),
    "BigInt": "Use numbers up to 2**53, or strings",
    "Intl": "Write the format yourself",
    **dict.fromkeys(("URL", "URLSearchParams"), "Use event.request.uri and event.request.querystring"),
    "structuredClone": "Use JSON.parse(JSON.stringify(value))",
    **dict.fromkeys(("escape", "unescape"), "Use encodeURIComponent or decodeURIComponent"),
}
_ABSENT_IN_1 = {
    **dict.fromkeys(("TextEncoder", "TextDecoder", "Buffer"), "Use String.bytesFrom, or the runtime cloudfront-js-2.0"),
    **dict.fromkeys(("atob", "btoa", "globalThis"), "Choose the runtime cloudfront-js-2.0"),
}
_ABSENT_METHODS = {
    "flat": "Use reduce and concat",
    "flatMap": "Use map, reduce and concat",
    "at": "Use value[value.length - 1]",
    "findLast": "Use a loop from the end",
    "findLastIndex": "Use a loop from the end",
    "toSorted": "Use slice().sort()",
    "toReversed": "Use slice().reverse()",
    "toSpliced": "Use slice() and splice",
    "matchAll": "Use exec in a loop, with the flag g",
    "normalize": "The runtime has no Unicode tables",
    "localeCompare": "Compare with < and >",
    "fromEntries": "Use reduce",
    "hasOwn": "Use Object.prototype.hasOwnProperty.call(object, name)",
    "groupBy": "Use reduce",
    "withResolvers": "Use new Promise",
    "trimLeft": "Use trimStart",
    "trimRight": "Use trimEnd",
}
_ABSENT_METHODS_OF_1 = {"replaceAll": "Use replace with the flag g, or the runtime cloudfront-js-2.0"}


def absent(tree: Tree, runtime: str) -> Iterator[Finding]:
    """Findings about names. A global that the source tests with `typeof`, or uses in a `try`, is left to run."""
    nodes = list(tree.nodes())
    declared = _declared(nodes)
    known = surface(runtime)["globalThis"] | _ADDED | (_ADDED_IN_2 if runtime == JS_2 else _ADDED_IN_1)
    tested = {text(named(node, "argument")) for node in nodes if _is_typeof(node)}
    for node in nodes:
        if node.type in ("identifier", "shorthand_property_identifier"):
            name = text(node)
            if name in ("eval", "Function"):
                yield from _code_from_text(tree, node, name)
            elif name not in declared | known | tested and not _in_try(node):
                yield _global(tree, node, name, runtime)
        elif node.type == "call_expression":
            yield from _method(tree, node, runtime)


def _declared(nodes: list[Node]) -> set[str]:
    """The names that the source declares, in any scope."""
    found = set()
    for node in nodes:
        if node.type == "variable_declarator" or node.type in FUNCTIONS or node.type == "class_declaration":
            found.add(text(named(node, "name")))
        if node.type == "arrow_function":
            found.add(text(named(node, "parameter")))
        if node.type in ("formal_parameters", "object_pattern", "array_pattern", "import_clause", "rest_pattern"):
            found |= {text(child) for child in node.named_children}
        if node.type == "assignment_pattern":
            found.add(text(named(node, "left")))
        if node.type == "catch_clause":
            found.add(text(named(node, "parameter")))
        if node.type == "for_in_statement" and named(node, "kind"):
            found.add(text(named(node, "left")))
        if node.type == "labeled_statement":
            found.add(text(named(node, "label")))
    return found


def _is_typeof(node: Node) -> bool:
    return node.type == "unary_expression" and text(named(node, "operator")) == "typeof"


def _in_try(node: Node) -> bool:
    inner = node
    for outer in ancestors(node):
        if outer.type == "try_statement" and named(outer, "body") == inner:
            return True
        inner = outer
    return False


def _code_from_text(tree: Tree, node: Node, name: str) -> Iterator[Finding]:
    parent = node.parent
    if parent is not None and parent.type in ("call_expression", "new_expression"):
        callee = named(parent, "function") or named(parent, "constructor")
        if callee == node:
            advice = "The runtime makes no code from text: write the code in the file"
            yield Finding(tree.file, *tree.position(node), f"InternalError: Not implemented: {name}", advice)


def _global(tree: Tree, node: Node, name: str, runtime: str) -> Finding:
    absent_names = _ABSENT if runtime == JS_2 else _ABSENT | _ABSENT_IN_1
    return Finding(
        tree.file,
        *tree.position(node),
        f'ReferenceError: "{name}" is not defined',
        absent_names.get(name, "Declare it, or correct its name"),
        is_warning=name not in absent_names,
    )


def _method(tree: Tree, call: Node, runtime: str) -> Iterator[Finding]:
    function = named(call, "function")
    member = named(function, "property") if function is not None and function.type == "member_expression" else None
    methods = _ABSENT_METHODS if runtime == JS_2 else _ABSENT_METHODS | _ABSENT_METHODS_OF_1
    if member is not None and (name := text(member)) in methods:
        message = f'The runtime has no method "{name}"'
        yield Finding(tree.file, *tree.position(member), message, methods[name], is_warning=True)
