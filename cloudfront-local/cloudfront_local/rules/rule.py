"""A rule, the violation of a rule, and the table of all rules."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from cloudfront_local.rules import facts

RULES: dict[str, Rule] = {}
"""Every rule by its id. Each module of this package adds its own rules."""

PLAIN_NAME = re.compile(r"[!-~]{1,60}")


@dataclass(frozen=True)
class Violation:
    """A place in a function's result that breaks a rule of CloudFront. `str()` is a message of one line."""

    rule: str
    """The rule's id, such as "read-only-header"."""
    field: str
    """The place in the result, such as "headers.content-length" or "origin.custom.port"."""
    found: str
    """The content of that place, without values of headers, query strings and bodies: they may be secret."""
    allowed: str
    sentence: str
    """The sentence on CloudFront's error page. Empty if the event is not a CloudFront event."""
    status: int
    """The status of CloudFront's answer."""
    advice: str

    def __str__(self) -> str:
        answer = f" CloudFront answers {self.status}: {self.sentence}" if self.sentence else ""
        return f"{self.rule}: {self.field}: found {self.found}; allowed: {self.allowed}. {self.advice}{answer}"


@dataclass(frozen=True)
class Rule:
    """A rule of CloudFront for the results of edge functions."""

    id: str
    summary: str
    source: str
    allowed: str
    advice: str
    sentence: str = facts.SENTENCE_VALIDATION
    status: int = facts.VALIDATION_STATUS
    unverified: bool = False
    """No source confirms the rule. The tool enforces it to be safe, and the advice says so."""

    def broken(self, field: str, found: str, allowed: str = "", advice: str = "") -> Violation:
        """The violation of this rule at `field`. `allowed` and `advice`, if given, replace the rule's own texts."""
        advice = advice or self.advice
        if self.unverified:
            advice += " (Unverified: no source says what CloudFront does here. This rule may be too strict.)"
        return Violation(
            rule=self.id,
            field=field,
            found=found,
            allowed=allowed or self.allowed,
            sentence=self.sentence,
            status=self.status,
            advice=advice,
        )


def rule(rule_id: str, summary: str, **fields: Any) -> Rule:
    """Makes a rule and adds it to the table. `fields` are the other fields of Rule."""
    RULES[rule_id] = Rule(rule_id, summary, **fields)
    return RULES[rule_id]


def shown(value: object) -> str:
    """A JSON value for a message: in ASCII, on one line, at most 60 characters long."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def place(parent: str, name: str) -> str:
    """The field `name` of `parent`, such as "headers.host". A long name, or one with other than visible ASCII
    characters, is shown as JSON."""
    return f"{parent}.{name}" if PLAIN_NAME.fullmatch(name) else f"{parent}.{shown(name)}"


def kind(value: object) -> str:
    """The JSON type of a value, with its article: "an object"."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
