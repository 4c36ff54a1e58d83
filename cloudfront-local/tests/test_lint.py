"""`cloudfront-local lint` without a template, and `cloudfront-local rules`."""

from cloudfront_local.cli import main
from cloudfront_local.rules.table import table


def test_no_template(capsys, tmp_path):
    """A missing template is an error of one line."""
    assert main(["lint", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err.startswith("There is no template ")


def test_rules(capsys):
    """`rules` prints the table of the rules."""
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == table()
