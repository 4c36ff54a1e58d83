"""Wildcards in path patterns, in names of policies, and in resources of signed policies, as regular expressions."""

from __future__ import annotations

import re


def regular_expression(text: str, any_character: str = ".") -> str:
    """The regular expression of a text with wildcards: `*` matches any number of characters, and `?` matches one.

    Between two stars, a part matches at its first place (an atomic group): a later place could not help the rest to
    match. Without the groups, a text with many stars would try all places of all parts, which takes hours.
    """
    first, *others = ("".join(any_character if c == "?" else re.escape(c) for c in part) for part in text.split("*"))
    if not others:
        return first
    *inner, last = others
    return first + "".join(f"(?>{any_character}*?{part})" for part in inner) + f"{any_character}*{last}"
