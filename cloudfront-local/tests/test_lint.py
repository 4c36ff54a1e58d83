"""`cloudfront-local lint` and `cloudfront-local rules`, as people run them."""

from pathlib import Path

import pytest

from cloudfront_local.cli import main
from cloudfront_local.rules.table import table

TEMPLATES = Path(__file__).parent / "lint" / "templates"


def test_refused(capsys):
    """An error is a line with its place, and the status says so."""
    template = TEMPLATES / "E9013" / "bad.yaml"
    assert main(["lint", str(template)]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{template}:7 E9013: Function (at viewer-request of ")


@pytest.mark.parametrize(("name", "lines"), [("E9013/good.yaml", 0), ("W9001/bad.yaml", 1)])
def test_accepted(capsys, name, lines):
    """A template that keeps the rules, and one with a warning alone, are fine."""
    assert main(["lint", str(TEMPLATES / name)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == lines


def test_no_template(capsys, tmp_path):
    """A template that is not there is one clear line."""
    assert main(["lint", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err.startswith("There is no template ")


def test_rules(capsys):
    """The table of the rules."""
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == table()
