"""Templates as they occur in the wild, of SAM, CloudFormation, CDK and others, in words of our own.

Every finding is expected, and explained: in YAML by a comment above its line (`# W9004: why`), for JSON by a line of
the file `NAME.findings` beside it (`LINE W9004: why`).
"""

import re
from pathlib import Path

import pytest

SHAPES = sorted(path for path in (Path(__file__).parent / "shapes").iterdir() if path.suffix in (".yaml", ".json"))
ABOVE = re.compile(r"\s*# (?P<rule>[EWI]9\d{3}): \S.+\.")
BESIDE = re.compile(r"(?P<line>\d+) (?P<rule>[EWI]9\d{3}): \S.+\.")


def expected(template):
    """Line and rule of each finding that is explained."""
    beside = template.with_name(f"{template.name}.findings")
    if beside.exists():
        matches = [BESIDE.fullmatch(line) for line in beside.read_text().splitlines()]
        return [(int(match["line"]), match["rule"]) for match in matches]
    lines = list(enumerate(template.read_text().splitlines(), start=1))
    return [(number + 1, match["rule"]) for number, line in lines if (match := ABOVE.fullmatch(line))]


@pytest.mark.parametrize("template", SHAPES, ids=lambda path: path.name)
def test_shape(template, lint):
    """Each finding is explained, and nobody is accused of anything else."""
    assert sorted({(line, rule) for line, rule, _ in lint(template)}) == sorted(expected(template))


def test_there_are_many():
    """Most of them have no errors at all, so that silence is proved, too."""
    clean = [shape for shape in SHAPES if not any(rule.startswith("E") for _, rule in expected(shape))]
    assert len(SHAPES) >= 50
    assert len(clean) >= 40
