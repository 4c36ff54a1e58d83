"""The table of the rules, in Markdown: `cloudfront-local rules`."""

from __future__ import annotations

import re

from cloudfront_local.rules import RULES, Rule

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
_ISSUE = re.compile(r"https://github\.com/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)")


def table() -> str:
    """A Markdown table with a row for each rule, sorted by the rule's id."""
    head = "| Rule | Requirement | Source |\n|---|---|---|\n"
    return head + "".join(f"{_row(RULES[rule_id])}\n" for rule_id in sorted(RULES))


def _row(rule: Rule) -> str:
    mark = " *(unverified)*" if rule.unverified else ""
    return f"| `{rule.id}` | {rule.summary}{mark} | {_linked(rule.source)} |"


def _linked(source: str) -> str:
    """The source, with links to pages of the Developer Guide and to issues on GitHub."""
    guide, separator, pages = source.partition("CloudFront Developer Guide, ")
    if separator:
        named, *others = pages.split("; ")
        links = ", ".join(f"[{page}]({_GUIDE}/{page}.html)" for page in named.split(", "))
        return "; ".join([f"{guide}{links}", *others])
    return _ISSUE.sub(r"[\g<repository>#\g<number>](\g<0>)", source)
