"""cfn-lint, whatever its version makes of SAM source, gives what the rules find in the file."""

from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.rules import Rules
from cfnlint.rules.errors import ParseError, RuleError, TransformError
from cfnlint.runner.template import run_template_by_file_path

HERE = Path(__file__).parent
GLOBS = ("templates/*/bad.yaml", "cases/*.yaml", "shapes/*.yaml", "shapes/*.json")
TEMPLATES = sorted(path for glob in GLOBS for path in HERE.glob(glob))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_same_findings(template, rules, lint):
    """The same lines, rules and messages, and no error of cfn-lint's own."""
    errors = (ParseError(), TransformError(), RuleError())
    config = ConfigMixIn([], regions=["us-east-1"], include_checks=["I"])
    matches = run_template_by_file_path(
        str(template), config, Rules({**rules, **{error.id: error for error in errors}}), ignore_bad_template=False
    )
    assert sorted((match.linenumber, match.rule.id, match.message) for match in matches) == lint(template)
