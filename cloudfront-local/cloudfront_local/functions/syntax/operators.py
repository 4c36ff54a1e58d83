"""Operators, literals and statements."""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax.refusal import Judge, Refusal, unexpected, unsupported
from cloudfront_local.functions.syntax.tree import named, text

_STEP_BY_STEP = "Test each step: a && a.b"


def _optional_chain(node: Node) -> Refusal:
    """njs reads `?` alone, then a member: it names the token behind that, or the bracket."""
    member = node.next_sibling
    is_name = member is not None and member.type == "property_identifier"
    return unexpected(node, _token_after(member if is_name and member else node), _STEP_BY_STEP)


def _token_after(node: Node) -> str:
    tail = node
    while tail.next_sibling is None and tail.parent is not None:
        tail = tail.parent
    return text(tail.next_sibling)[:1]


def _assigning(node: Node) -> Refusal | None:
    operator = named(node, "operator")
    if text(operator) not in ("??=", "||=", "&&="):
        return None
    return unexpected(operator or node, "=", f"Write x = x {text(operator)[:-1]} y")


def _number(node: Node) -> Refusal | None:
    literal = text(node)
    if literal.endswith("n"):
        return unexpected(node, "n", "The runtime has no BigInt: use numbers up to 2**53, or strings")
    if len(literal) > 1 and literal[0] == "0" and literal.replace("_", "").isdigit():
        return unexpected(node, literal[:2], "Write 0o17, or no 0 in front")
    return None


def _regular_expression(node: Node) -> Refusal | None:
    flags = text(named(node, "flags"))
    if not set(flags) - set("gimy"):
        return None
    return Refusal(node, f'SyntaxError: Invalid RegExp flags "{flags}"', "The runtime has the flags g, i, m and y")


def _with(node: Node) -> Refusal:
    return unsupported(node, "(", "Name the object each time")


def _html_comment(node: Node) -> Refusal:
    return unexpected(node, text(node)[:4], "Write // for a comment")


def _operators_like_a_comment(node: Node) -> Refusal | None:
    """`a <!--b` is a comparison to njs, and a comment to other engines."""
    operator = node.prev_sibling
    is_tight = operator is not None and operator.type == "<" and operator.end_byte == node.start_byte
    return _html_comment(node) if is_tight and text(node).startswith("!--") else None


def _jsx(node: Node) -> Refusal:
    return unexpected(node, "<", "JSX is for the compiler of a browser's code: write a string")


JUDGES: dict[str, Judge] = {
    "optional_chain": _optional_chain,
    "augmented_assignment_expression": _assigning,
    "number": _number,
    "regex": _regular_expression,
    "with_statement": _with,
    "html_comment": _html_comment,
    "unary_expression": _operators_like_a_comment,
    "jsx_element": _jsx,
    "jsx_self_closing_element": _jsx,
}
