"""`python -m cloudfront_local.rules` writes the table of the rules in `README.md` anew."""

from __future__ import annotations

import re
from pathlib import Path

from cloudfront_local.rules import RULES, Rule

README = Path(__file__).resolve().parents[2] / "README.md"
TABLE = re.compile(r"^\| Rule \|.*?(?=^[^|]|\Z)", re.MULTILINE | re.DOTALL)

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
_ISSUE = re.compile(r"https://github\.com/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)")


def table() -> str:
    """Every rule by its id, in Markdown."""
    head = "| Rule | What it asks for | Enforced by | Source |\n|---|---|---|---|\n"
    return head + "".join(f"{_row(RULES[rule_id])}\n" for rule_id in sorted(RULES))


def _row(rule: Rule) -> str:
    mark = " *(unverified)*" if rule.unverified else ""
    return f"| `{rule.id}` | {rule.summary}{mark} | {', '.join(rule.enforced)} | {_linked(rule.source)} |"


def _linked(source: str) -> str:
    """The source with its pages of the Developer Guide, and its issues on GitHub, as links."""
    guide, separator, pages = source.partition("CloudFront Developer Guide, ")
    if separator:
        named, *others = pages.split("; ")
        links = ", ".join(f"[{page}]({_GUIDE}/{page}.html)" for page in named.split(", "))
        return "; ".join([f"{guide}{links}", *others])
    return _ISSUE.sub(r"[\g<repository>#\g<number>](\g<0>)", source)


if __name__ == "__main__":
    README.write_text(TABLE.sub(lambda _: table(), README.read_text(encoding="utf-8")), encoding="utf-8")
