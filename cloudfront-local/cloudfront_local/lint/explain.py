"""The explanation of a rule, and the table of all, for `cloudfront-local lint --explain`."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from cloudfront_local.errors import LocalError
from cloudfront_local.lint.catalog import RULES
from cloudfront_local.lint.rule import EdgeRule

EXAMPLES = Path(__file__).with_name("examples")

PARTS = {
    "template": "a template",
    "distribution": "a distribution's DistributionConfig",
    "function": "the properties of a function that a distribution runs",
}
OTHERS = "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md"
WIDTH = 100


def explanation(rule_id: str) -> str:
    """What a rule asks for, why, what to do, its source and its examples. Raises LocalError for an unknown rule."""
    rule = next((rule for rule in RULES if rule.id == rule_id.upper()), None)
    if rule is None:
        raise LocalError(
            f"There is no rule {rule_id} here. The rules are {', '.join(sorted(rule.id for rule in RULES))}. "
            f"Other ids are cfn-lint's own: {OTHERS}"
        )
    part, examples = example(rule.id).read_text("utf-8").split("\n", 1)
    lines = [
        f"{rule.id} {rule.shortdesc}.",
        *_paragraphs(rule),
        f"Source: {rule.source_url}",
        f"An example, in {PARTS[part.removeprefix('part: ')]}:\n\n{examples.rstrip()}",
    ]
    return "\n\n".join(lines)


def table() -> str:
    """All rules in Markdown, in the order of their ids."""
    rows = map(_row, sorted(RULES, key=lambda rule: rule.id))
    return "\n".join(["| Rule | What it asks for | Source |", "|---|---|---|", *rows])


def example(rule_id: str) -> Path:
    """The file with a rule's example: the keys part, bad and good, in this order."""
    return EXAMPLES / f"{rule_id}.yaml"


def _row(rule: type[EdgeRule]) -> str:
    mark = " *(not certain)*" if rule.unverified else ""
    return f"| {rule.id} | {rule.shortdesc}{mark} | [{_page(rule.source_url)}]({rule.source_url}) |"


def _page(url: str) -> str:
    """The name of a page: the last part of its path, without its extension. An issue has its repository's name."""
    if "/issues/" in url:
        return url.removeprefix("https://github.com/").replace("/issues/", "#")
    return url.partition("#")[0].rsplit("/", 1)[-1].removesuffix(".html")


def _paragraphs(rule: type[EdgeRule]) -> list[str]:
    texts = {"Why": rule.description, "What to do": rule.advice, "Not certain": rule.unverified}
    return [fill(f"{title}: {text}", WIDTH, break_on_hyphens=False) for title, text in texts.items() if text]
