"""The commands people run: .cfnlintrc brings the rules to cfn-lint."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PLUGIN = HERE.parents[1] / "cloudfront_local" / "lint" / "plugin"
BAD = str(HERE / "templates" / "E9013" / "bad.yaml")
GOOD = str(HERE / "templates" / "E9013" / "good.yaml")


@pytest.fixture
def run(tmp_path):
    """A command of this environment, started in a project whose settings name the rules, with no search path."""
    settings = {"regions": ["us-east-1"], "append_rules": [str(PLUGIN)]}
    (tmp_path / ".cfnlintrc").write_text(json.dumps(settings))  # JSON is YAML.

    def run(command, *arguments):
        return subprocess.run(
            [Path(sys.executable).with_name(command), *arguments],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_cfn_lint(run):
    """A template that keeps every rule passes; one that breaks one fails the command, by line and rule."""
    result = run("cfn-lint", "--format", "parseable", GOOD, BAD)
    [line] = [line for line in result.stdout.splitlines() if ":E9" in line]
    assert line.startswith(f"{BAD}:7:3:7:11:E9013:Function (at viewer-request of Distribution's DefaultCacheBehavior)")
    assert result.returncode != 0
