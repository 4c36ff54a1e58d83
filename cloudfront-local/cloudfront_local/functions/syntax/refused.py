"""The syntax that CloudFront's runtimes refuse, in the words of njs.

Source: measured with the njs command line 0.7.9 to 0.8.2, whose messages public reports show of CloudFront itself;
CloudFront Developer Guide, functions-javascript-runtime-10 and -20.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tree_sitter import Node

from cloudfront_local.functions.syntax.tree import FUNCTIONS, ancestors, named, text


class Refusal(NamedTuple):
    """A node that the runtime refuses, its message, and what to write instead."""

    node: Node
    message: str
    advice: str


Judge = Callable[[Node], Refusal | None]


def refusal(node: Node, is_modern: bool) -> Refusal | None:
    """Why the runtime refuses this node itself. None if it does not; its children are judged on their own."""
    judge = _JUDGES.get(node.type)
    found = judge(node) if judge else None
    if found is None and not is_modern and (judge := _JUDGES_OF_1.get(node.type)):
        found = judge(node)
    return found


def _unsupported(node: Node, token: str, advice: str) -> Refusal:
    return Refusal(node, f'SyntaxError: Token "{token}" not supported in this version', advice)


def _unexpected(node: Node, token: str, advice: str) -> Refusal:
    return Refusal(node, f'SyntaxError: Unexpected token "{token}"', advice)


def _loop(node: Node) -> Refusal | None:
    keyword = next((child for child in node.children if child.type == "await"), None)
    if keyword:
        return _unsupported(keyword, "await", "Await each promise in a loop with an index")
    operator = named(node, "operator")
    if text(operator) != "of":
        return _pattern(named(node, "left"))
    if pattern := _pattern(named(node, "left")):
        return pattern
    return _unsupported(operator or node, "of", "Write a loop with an index, or forEach")


_NOT_DEFAULT = "SyntaxError: Non-default import is not supported"
_CLASS = "Write a function that returns an object"
_NAMES_ONE_BY_ONE = "Read each member by its name: var a = value.a;"


def _class(node: Node) -> Refusal:
    return _unsupported(node, "class", _CLASS)


def _super(node: Node) -> Refusal:
    return _unsupported(node, "super", _CLASS)


def _meta_property(node: Node) -> Refusal:
    if text(node).startswith("import"):
        return Refusal(node, _NOT_DEFAULT, "The runtime has no import.meta")
    return _unexpected(node, ".", "The runtime has no new.target")


def _is_pattern(node: Node | None) -> bool:
    return node is not None and node.type in ("object_pattern", "array_pattern")


def _pattern(node: Node | None) -> Refusal | None:
    return _unsupported(node, text(node)[0], _NAMES_ONE_BY_ONE) if node and _is_pattern(node) else None


def _declarator(node: Node) -> Refusal | None:
    """njs names the token behind the first bracket."""
    name = named(node, "name")
    if name is None or not _is_pattern(name):
        return None
    first = re.search(r"[\w$]+|\S", text(name)[1:])
    return _unsupported(name, first[0] if first else "", _NAMES_ONE_BY_ONE)


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
            return _unexpected(parameter, token, "Set the default in the body: if (x === undefined) x = ...")
        if parameter.type == "rest_pattern" and _is_pattern(parameter.named_children[0]):
            token = "..." if in_arrow else text(parameter.named_children[0])[0]
            return _unexpected(parameter, token, _NAMES_ONE_BY_ONE)
        if found := _pattern(parameter):
            return _unexpected(parameter, "=>", _NAMES_ONE_BY_ONE) if in_arrow else found
    return None


def _catch(node: Node) -> Refusal | None:
    parameter = named(node, "parameter")
    if parameter is None:
        return _unsupported(node, "{", "Name the error: catch (error) {")
    return _pattern(parameter)


def _spread(node: Node) -> Refusal:
    if node.parent is not None and node.parent.type == "object":
        return _unsupported(node, "...", "Use Object.assign({}, a, b)")
    return _unexpected(node, "...", "Use a.concat(b) for arrays, f.apply(null, list) for calls")


_STEP_BY_STEP = "Test each step: a && a.b"


def _optional_chain(node: Node) -> Refusal:
    """njs reads `?` alone, then a member: it names the token behind that, or the bracket."""
    member = node.next_sibling
    is_name = member is not None and member.type == "property_identifier"
    return _unexpected(node, _token_after(member if is_name and member else node), _STEP_BY_STEP)


def _token_after(node: Node) -> str:
    tail = node
    while tail.next_sibling is None and tail.parent is not None:
        tail = tail.parent
    return text(tail.next_sibling)[:1]


def _assigning(node: Node) -> Refusal | None:
    operator = named(node, "operator")
    if text(operator) not in ("??=", "||=", "&&="):
        return None
    return _unexpected(operator or node, "=", f"Write x = x {text(operator)[:-1]} y")


_NO_GENERATOR = "Build an array instead of a generator"


def _generator(node: Node) -> Refusal:
    star = next((child for child in node.children if child.type == "*"), node)
    if node.type == "generator_function":
        return _unsupported(star, "*", _NO_GENERATOR)
    return _unexpected(star, "*", _NO_GENERATOR)


def _method(node: Node) -> Refusal | None:
    return _generator(node) if any(child.type == "*" for child in node.children) else None


def _number(node: Node) -> Refusal | None:
    literal = text(node)
    if literal.endswith("n"):
        return _unexpected(node, "n", "The runtime has no BigInt: use numbers up to 2**53, or strings")
    if len(literal) > 1 and literal[0] == "0" and literal.replace("_", "").isdigit():
        return _unexpected(node, literal[:2], "Write 0o17, or no 0 in front")
    return None


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


def _regular_expression(node: Node) -> Refusal | None:
    flags = text(named(node, "flags"))
    if not set(flags) - set("gimy"):
        return None
    return Refusal(node, f'SyntaxError: Invalid RegExp flags "{flags}"', "The runtime has the flags g, i, m and y")


def _with(node: Node) -> Refusal:
    return _unsupported(node, "(", "Name the object each time")


def _html_comment(node: Node) -> Refusal:
    return _unexpected(node, text(node)[:4], "Write // for a comment")


def _operators_like_a_comment(node: Node) -> Refusal | None:
    """`a <!--b` is a comparison to njs, and a comment to other engines."""
    operator = node.prev_sibling
    is_tight = operator is not None and operator.type == "<" and operator.end_byte == node.start_byte
    return _html_comment(node) if is_tight and text(node).startswith("!--") else None


def _jsx(node: Node) -> Refusal:
    return _unexpected(node, "<", "JSX is for the compiler of a browser's code: write a string")


def _yield(node: Node) -> Refusal:
    value = node.named_children[0] if node.named_children else node
    return _unexpected(node, text(value), _NO_GENERATOR)


def _private(node: Node) -> Refusal:
    return _unexpected(node, "#", "Name the member without #")


_JUDGES: dict[str, Judge] = {
    "for_in_statement": _loop,
    "class_declaration": _class,
    "class": lambda node: _class(node) if node.is_named else None,
    "super": _super,
    "meta_property": _meta_property,
    "variable_declarator": _declarator,
    "assignment_expression": _assignment,
    "formal_parameters": _parameters,
    "catch_clause": _catch,
    "spread_element": _spread,
    "optional_chain": _optional_chain,
    "augmented_assignment_expression": _assigning,
    "generator_function": _generator,
    "generator_function_declaration": _generator,
    "method_definition": _method,
    "number": _number,
    "await_expression": _await,
    "import_statement": _import,
    "call_expression": _call,
    "export_statement": _export,
    "regex": _regular_expression,
    "with_statement": _with,
    "html_comment": _html_comment,
    "unary_expression": _operators_like_a_comment,
    "jsx_element": _jsx,
    "jsx_self_closing_element": _jsx,
    "yield_expression": _yield,
    "private_property_identifier": _private,
}

# ── cloudfront-js-1.0 ─────────────────────────────────────────────────────────────────────────────────────────────────
_RUNTIME_2 = "or choose the runtime cloudfront-js-2.0"


def _lexical(node: Node) -> Refusal:
    return _unsupported(node, text(node.children[0]), f"Write var, {_RUNTIME_2}")


def _async(node: Node) -> Refusal | None:
    keyword = next((child for child in node.children if child.type == "async"), None)
    return _unsupported(keyword, "async", f"Use a promise's then, {_RUNTIME_2}") if keyword else None


def _import_of_1(node: Node) -> Refusal:
    return Refusal(node, "SyntaxError: Illegal import statement", f"Use require, {_RUNTIME_2}")


def _separated_number(node: Node) -> Refusal | None:
    return _unexpected(node, "_", f"Write the digits together, {_RUNTIME_2}") if "_" in text(node) else None


def _sticky(node: Node) -> Refusal | None:
    flags = text(named(node, "flags"))
    if "y" not in flags:
        return None
    return Refusal(node, f'SyntaxError: Invalid RegExp flags "{flags}"', f"Leave y out, {_RUNTIME_2}")


_JUDGES_OF_1: dict[str, Judge] = {
    "lexical_declaration": _lexical,
    "function_declaration": _async,
    "function_expression": _async,
    "arrow_function": _async,
    "method_definition": _async,
    "import_statement": _import_of_1,
    "number": _separated_number,
    "regex": _sticky,
}
