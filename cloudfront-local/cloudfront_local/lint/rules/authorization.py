"""W9002: a cache keyed on Authorization behind a function that removes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.policies import cache_key_headers
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.lint.source import python_place

HEADER = "authorization"


class StrippedAuthorization(FunctionRule):
    id = "W9002"
    shortdesc = "Authorization is not in the cache key behind a function that removes it"
    description = (
        "A viewer-request function runs before the cache. A header that it removes is not in the key or at the origin."
    )
    source_url = GUIDE + "lambda-cloudfront-trigger-events.html"
    advice = "Take the header out of the cache policy, or leave it in the request."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        if function.event_type != "viewer-request":
            return
        behavior, deployment = function.association.behavior, function.template.deployment
        for selection in cache_key_headers(function.template, behavior):
            keyed = any(deployment.possible(when | function.properties.when) for when in selection.selects(HEADER))
            place = removes_authorization(function) if keyed else None
            if place:
                yield Finding(
                    selection.value.path,
                    f"{behavior} keys its cache on Authorization ({selection.policy}), but {function.name} "
                    f"removes that header first ({place}): every viewer shares one object, and the origin "
                    "gets no Authorization. Take it out of the cache policy, or leave it in the request.",
                )


def removes_authorization(function: EdgeFunction) -> str | None:
    """Where the function's Python source removes the header (`path:line`); None when it is not seen to."""
    return python_place(function, _removes)


def _removes(node: ast.AST) -> bool:
    """Whether this is `del ...["authorization"]` or `....pop("authorization", ...)`."""
    match node:
        case ast.Delete(targets=targets):
            return any(isinstance(target, ast.Subscript) and _is_header(target.slice) for target in targets)
        case ast.Call(func=ast.Attribute(attr="pop"), args=[name, *_]):
            return _is_header(name)
    return False


def _is_header(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).lower() == HEADER
