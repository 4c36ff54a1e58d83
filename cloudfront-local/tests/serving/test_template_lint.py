"""`make local` lints first: what Lambda@Edge refuses stops it, the rest is said."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cloudfront_local.serving import template_lint

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = REPOSITORY / "tests" / "lint" / "templates"
ARM = (
    "template.yaml:15 E9009: Function (at viewer-request of Distribution's DefaultCacheBehavior) is for arm64. "
    "Lambda@Edge runs x86_64 only: set Architectures: [x86_64]."
)


@pytest.fixture
def template(tmp_path):
    """Puts one of lint's templates where a project has its own."""

    def put(name):
        return Path(shutil.copy(TEMPLATES / name, tmp_path / "template.yaml"))

    return put


def test_stops(template):
    """A function that the edge does not run: one clear message before anything is built, and nothing is left."""
    path = template("E9009/bad.yaml")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PORT": "0", "AWS_PORT": "0"}
    command = [sys.executable, "-m", "cloudfront_local", "--template", str(path)]
    result = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stderr.splitlines()) == (
        1,
        [
            f"Lambda@Edge would refuse {path}. Correct what these rules name and start again:",
            f"  {ARM}",
        ],
    )
    assert [line.partition(" ..")[0] for line in result.stdout.splitlines()] == [
        "Start the embedded AWS (ministack)",
        "Lint the template",
    ]
    assert not (path.parent / ".aws-sam" / "local" / "build").exists()


async def test_warns(template):
    """What works, but not as meant, is returned and stops nothing."""
    [warning] = await template_lint.warnings(template("W9001/bad.yaml"))
    assert warning.startswith("template.yaml:15 W9001: Function (at viewer-request of Distribution's DefaultCacheBehav")


async def test_clean(template):
    """A template that keeps every rule gives nothing."""
    assert await template_lint.warnings(template("E9009/good.yaml")) == []


async def test_settings_of_others(template, monkeypatch):
    """A .cfnlintrc of the folder or the user, made for other commands, changes nothing."""
    path = template("E9009/bad.yaml")
    (path.parent / ".cfnlintrc").write_text("ignore_checks: [E9009]")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("HOME", str(path.parent))
    with pytest.raises(template_lint.LintError, match="E9009"):
        await template_lint.warnings(path)


async def test_other_findings(template):
    """What cfn-lint itself finds is left to `sam build`, which says it of what it cannot read."""
    path = template("E9009/good.yaml")
    path.write_text("Resources: [1")
    assert await template_lint.warnings(path) == []
