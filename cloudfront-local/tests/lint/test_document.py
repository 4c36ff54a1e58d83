"""docs/lint.md says what the rules say."""

from pathlib import Path

from cloudfront_local.lint import explain

README = Path(__file__).resolve().parents[2] / "docs" / "lint.md"


def test_table():
    """The table of the rules is the one that `cloudfront-local lint --explain` prints."""
    assert f"\n\n{explain.table()}\n\n" in README.read_text()


def test_example(lint):
    """The example prints what cfn-lint prints."""
    template = Path(__file__).parent / "templates" / "E9013" / "bad.yaml"
    [(line, rule, message)] = [found for found in lint(template) if found[1] == "E9013"]
    assert f"{rule} {message}\ntests/lint/templates/E9013/bad.yaml:{line}:7\n" in README.read_text()
