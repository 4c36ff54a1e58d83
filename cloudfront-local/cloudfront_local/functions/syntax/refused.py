"""The syntax that CloudFront's runtimes refuse, in the words of njs.

Source: measured with the njs command line 0.7.9 to 0.8.2, whose messages public reports show of CloudFront itself;
CloudFront Developer Guide, functions-javascript-runtime-10 and -20.
"""

from __future__ import annotations

from tree_sitter import Node

from cloudfront_local.functions.syntax import bindings, functions_and_classes, modules, operators, refused_by_1
from cloudfront_local.functions.syntax.refusal import Refusal

_JUDGES = bindings.JUDGES | functions_and_classes.JUDGES | modules.JUDGES | operators.JUDGES


def refusal(node: Node, is_modern: bool) -> Refusal | None:
    """Why the runtime refuses this node itself. None if it does not; its children are judged on their own."""
    judge = _JUDGES.get(node.type)
    found = judge(node) if judge else None
    if found is None and not is_modern and (judge := refused_by_1.JUDGES.get(node.type)):
        found = judge(node)
    return found
