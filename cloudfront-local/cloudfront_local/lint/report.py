"""This package's findings and cfn-lint's own errors, in the formats that people and CI read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cfnlint.match import Match

PLUGIN = "cloudfront_local.lint.plugin"

# Ids that cfn-lint leaves to rules of others begin so, after the letter of their level.
OURS = "9"
LEVELS = {"E": "error", "W": "warning", "I": "notice"}

# cfn-lint 1.58 knows AutoPublishAliasAllProperties of functions, and not of Globals, where SAM takes it, too.
MISTAKEN = ("E3724", "'AutoPublishAliasAllProperties' was unexpected")

# What E9030 also says, with the origins that there are.
SAID = ("E3057",)


def report(templates: list[Path], form: str, plan: str | None) -> tuple[str, bool]:
    """The findings as text, json, sarif or github (its annotations), and whether there is an error among them.

    With a flat-rate `plan`, the rules about plans take it for all distributions.
    """
    from cfnlint.config import ConfigMixIn
    from cfnlint.formatters import Formatter, JsonFormatter, SARIFFormatter
    from cfnlint.runner import Runner

    from cloudfront_local.lint.catalog import RULES
    from cloudfront_local.lint.plans import PlanRule

    # Ignores every .cfnlintrc, the current folder's and the user's.
    arguments = ["--config-file", os.devnull, "--regions", "us-east-1", "--include-checks", "I"]
    arguments += [f"--configure-rule={rule.id}:plan={plan}" for rule in RULES if plan and issubclass(rule, PlanRule)]
    config = ConfigMixIn([*arguments, "--append-rules", PLUGIN, "--template", *map(str, templates)])
    runner = Runner(config)
    found = sorted(filter(_counts, runner.run()), key=_order)
    formatters = {"text": Formatter, "json": JsonFormatter, "sarif": SARIFFormatter}
    if form == "github":
        text = "\n".join(map(_annotation, found))
    else:
        formatter: Any = formatters[form]()
        text = formatter.print_matches(found, runner.rules, config=config) or ""
    return text, any(match.rule.id.startswith("E") for match in found)


def _order(match: Match) -> tuple[str, int, str]:
    return str(match.filename), match.linenumber, match.rule.id


def _counts(match: Match) -> bool:
    """Warnings of cfn-lint's own are about style: `cfn-lint` reports them."""
    rule = match.rule.id
    mistaken = (rule == MISTAKEN[0] and MISTAKEN[1] in match.message) or rule in SAID
    return rule[1] == OURS or (rule.startswith("E") and not mistaken)


def _annotation(match: Match) -> str:
    # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    place = f"file={_escaped(str(match.filename))},line={match.linenumber},col={match.columnnumber}"
    return f"::{LEVELS[match.rule.id[0]]} {place},title={match.rule.id}::{_escaped(match.message)}"


def _escaped(text: str) -> str:
    for character in "%\r\n":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
