"""Policy variables, such as `${aws:PrincipalAccount}`, in a policy's resources and condition values.

    variable = "${" key [ "," "'" default "'" ] "}"

`${*}`, `${?}` and `${$}` are the characters themselves. Source: IAM User Guide, "IAM policy elements: Variables and
tags".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_VARIABLE = re.compile(r"\$\{\s*(?P<key>[^},]*?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_CHARACTERS = {"*": "*", "?": "?", "$": "$"}


def unknown(text: str, context: Mapping[str, str]) -> str | None:
    """The first variable without a value and without a default, as it is written; or None. The context's keys are in
    lower case."""
    return next((found[0] for found in _VARIABLE.finditer(text) if _value(found, context) is None), None)


def replaced(
    text: str, context: Mapping[str, str], value: Callable[[str], str] = str, other: Callable[[str], str] = str
) -> str:
    """The text with its variables replaced. `value` is applied to a variable's value, `other` to the text between the
    variables. A variable without a value becomes `*`."""
    parts, end = [], 0
    for found in _VARIABLE.finditer(text):
        known = _value(found, context)
        parts += [other(text[end : found.start()]), "*" if known is None else value(known)]
        end = found.end()
    return "".join([*parts, other(text[end:])])


def _value(found: re.Match[str], context: Mapping[str, str]) -> str | None:
    key, default = found["key"], found["default"]
    return _CHARACTERS.get(key) or context.get(key.lower(), default)
