"""The commands people run: .cfnlintrc brings the rules to cfn-lint and to sam."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BAD = "tests/lint/templates/E9013/bad.yaml"


def run(command, *arguments):
    """A command of this environment, started in the repository, with no search path to help it."""
    return subprocess.run(
        [Path(sys.executable).with_name(command), *arguments],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_cfn_lint():
    """The stack of this repository keeps every rule; a template that breaks one fails the command, by line and rule."""
    result = run("cfn-lint", "--format", "parseable", "template.yaml", BAD)
    [line] = result.stdout.splitlines()
    assert line.startswith(f"{BAD}:7:3:7:11:E9013:Function (at viewer-request of Distribution's DefaultCacheBehavior)")
    assert result.returncode != 0


def test_sam_validate():
    """`sam validate --lint` goes by the same rules."""
    result = run("sam", "validate", "--lint", "--region", "us-east-1", "--template", BAD)
    assert "[E9013: An edge function's timeout is at most 30 seconds]" in result.stdout
    assert "Linting failed" in result.stderr
