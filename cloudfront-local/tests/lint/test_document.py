"""docs/lint.md says what the rules say."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "docs" / "lint.md"
ROW = re.compile(r"^\| (?P<id>[EWI]9\d{3}) \| (?P<asks>[^|]+) \| \[[^]]+\]\((?P<source>[^)]+)\) \|$", re.MULTILINE)


def test_table(rules):
    """Every rule is in the table, in order, with what it asks for and its source; nothing else is."""
    documented = [row.groups() for row in ROW.finditer(README.read_text())]
    assert documented == [
        (rule, rules[rule].shortdesc, rules[rule].source_url) for rule in sorted(rules) if rule[1] == "9"
    ]


def test_example(lint):
    """The example prints what cfn-lint prints."""
    template = Path(__file__).parent / "templates" / "E9013" / "bad.yaml"
    [(line, rule, message)] = [found for found in lint(template) if found[1] == "E9013"]
    assert f"{rule} {message}\ntests/lint/templates/E9013/bad.yaml:{line}:7\n" in README.read_text()
