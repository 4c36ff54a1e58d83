"""What a rule is and what breaking it says; the table of all rules."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from cloudfront_local.rules import facts

RULES: dict[str, Rule] = {}
"""Every rule by its id. The modules of this package enter theirs."""

PLAIN_NAME = re.compile(r"[!-~]{1,60}")


@dataclass(frozen=True)
class Violation:
    """One thing in a function's result that CloudFront refuses. `str()` is one readable line."""

    rule: str
    """The rule's id, such as "read-only-header"."""
    field: str
    """Where in the result, such as "headers.content-length" or "origin.custom.port"."""
    found: str
    """What is there. Never the value of a header, a query string or a body: they may be secret."""
    allowed: str
    sentence: str
    """What CloudFront tells the viewer. Empty when the event given is none of CloudFront's."""
    status: int
    """The status CloudFront answers with."""
    advice: str

    def __str__(self) -> str:
        answer = f" CloudFront answers {self.status}: {self.sentence}" if self.sentence else ""
        return f"{self.rule}: {self.field}: found {self.found}; allowed: {self.allowed}. {self.advice}{answer}"


@dataclass(frozen=True)
class Rule:
    """A rule of CloudFront for what a function returns."""

    id: str
    summary: str
    source: str
    allowed: str
    advice: str
    sentence: str = facts.SENTENCE_VALIDATION
    unverified: bool = False
    """No source confirms it: refused to be safe, and the advice says so."""
    enforced: tuple[str, ...] = ("emulator", "fixture", "check")

    def broken(self, field: str, found: str, allowed: str = "", advice: str = "") -> Violation:
        """This rule's violation at `field`; `allowed` and `advice` replace the rule's own where the case knows more."""
        advice = advice or self.advice
        if self.unverified:
            advice += " (Unverified: no source says what CloudFront does here, so it is refused.)"
        return Violation(
            rule=self.id,
            field=field,
            found=found,
            allowed=allowed or self.allowed,
            sentence=self.sentence,
            status=facts.VALIDATION_STATUS,
            advice=advice,
        )


def rule(rule_id: str, summary: str, **fields: Any) -> Rule:
    """A new rule, entered in the table. `fields` are those of Rule."""
    RULES[rule_id] = Rule(rule_id, summary, **fields)
    return RULES[rule_id]


def shown(value: object) -> str:
    """A JSON value as a message shows it: in ASCII on one line, and cut when long."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def place(parent: str, name: str) -> str:
    """The field `name` of `parent`; a name that would not read well on a line is shown as JSON."""
    return f"{parent}.{name}" if PLAIN_NAME.fullmatch(name) else f"{parent}.{shown(name)}"


def kind(value: object) -> str:
    """A JSON value's type, as JSON names it."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
