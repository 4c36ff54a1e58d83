"""The commands people run: `cloudfront-local lint`, and cfn-lint and sam, which .cfnlintrc brings the rules to."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TOOL = HERE.parents[1]
FOLDER = str(TOOL / "cloudfront_local" / "lint" / "plugin")
MODULE = "cloudfront_local.lint.plugin.lambda_at_edge"
BAD = str(HERE / "templates" / "E9013" / "bad.yaml")
GOOD = str(HERE / "templates" / "E9013" / "good.yaml")


@pytest.fixture
def run(tmp_path):
    """A command of this environment, started in a project whose settings name the rules."""

    def run(*command, rules=FOLDER, path=""):
        settings = {"regions": ["us-east-1"], "append_rules": [rules]}
        (tmp_path / ".cfnlintrc").write_text(json.dumps(settings))  # JSON is YAML.
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SAM_CLI_TELEMETRY": "0", "PYTHONPATH": path}
        return subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.mark.parametrize(("rules", "path"), [(FOLDER, ""), (MODULE, str(TOOL))], ids=["folder", "module"])
def test_cfn_lint(rules, path, run):
    """A template that keeps every rule passes; one that breaks one fails the command, by line and rule."""
    result = run("-m", "cfnlint", "--format", "parseable", GOOD, BAD, rules=rules, path=path)
    [line] = [line for line in result.stdout.splitlines() if ":E9" in line]
    assert line.startswith(f"{BAD}:14:7:14:14:E9013:Function (at viewer-request of Distribution's DefaultCacheBehavior)")
    assert result.returncode != 0


def test_rules_that_are_not_there(run):
    """A command that does not find the rules says so and fails; it never passes a template without them."""
    result = run("-m", "cfnlint", GOOD, rules="cloudfront_local.lint.plugins")
    assert (result.returncode, result.stdout) != (0, "")
    assert "Tried to append rules but got an error" in result.stdout + result.stderr


@pytest.mark.skipif(find_spec("samcli") is None, reason="sam is not installed")
def test_sam_validate(run):
    """`sam validate --lint` goes by the same rules."""
    sam = [str(Path(sys.executable).with_name("sam")), "validate", "--lint"]
    result = run(*sam, "--region", "us-east-1", "--template", BAD)
    assert "[E9013: An edge function's timeout is at most 30 seconds]" in result.stdout
    assert "Linting failed" in result.stderr
