"""The commands `cloudfront-local lint` and `cloudfront-local rules`."""

from pathlib import Path

import pytest

from cloudfront_local.cli import main
from cloudfront_local.rules.table import table

TEMPLATES = Path(__file__).parent / "lint" / "templates"


def test_refused(capsys):
    """An E9xxx finding is one line with the template and the line number; the status is 1."""
    template = TEMPLATES / "E9013" / "bad.yaml"
    assert main(["lint", str(template)]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{template}:7 E9013: Function (at viewer-request of ")


@pytest.mark.parametrize(("name", "lines"), [("E9013/good.yaml", 0), ("W9001/bad.yaml", 1)])
def test_accepted(capsys, name, lines):
    """A template without findings, or with warnings alone, has the status 0."""
    assert main(["lint", str(TEMPLATES / name)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == lines


def test_no_template(capsys, tmp_path):
    """A missing template is an error of one line."""
    assert main(["lint", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err.startswith("There is no template ")


def test_rules(capsys):
    """`rules` prints the table of the rules."""
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == table()
