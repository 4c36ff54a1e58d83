"""`serve` lints the template first: E9xxx findings stop it, W9xxx findings are printed."""

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
    """Copies one of the linter's test templates into a folder, as a project's template.yaml."""

    def put(name):
        return Path(shutil.copy(TEMPLATES / name, tmp_path / "template.yaml"))

    return put


def test_stops(template):
    """A function that the edge cannot run stops `serve` before the build, with one clear message and no files left."""
    path = template("E9009/bad.yaml")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PORT": "0", "AWS_PORT": "0"}
    command = [sys.executable, "-m", "cloudfront_local", "--template", str(path)]
    result = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stderr.splitlines()) == (
        1,
        [
            f"Lambda@Edge would refuse {path}. Correct these errors and start again:",
            f"  {ARM}",
        ],
    )
    assert [line.partition(" ..")[0] for line in result.stdout.splitlines()] == [
        "Start the embedded AWS (ministack)",
        "Lint the template",
    ]
    assert not (path.parent / ".aws-sam" / "local" / "build").exists()


async def test_warns(template):
    """A W9xxx finding is returned and stops nothing."""
    [warning] = await template_lint.warnings(template("W9001/bad.yaml"))
    assert warning.startswith("template.yaml:15 W9001: Function (at viewer-request of Distribution's DefaultCacheBehav")


async def test_clean(template):
    """A template that keeps every rule has no findings."""
    assert await template_lint.warnings(template("E9009/good.yaml")) == []


async def test_settings_of_others(template, monkeypatch):
    """A .cfnlintrc of the folder or of the user changes no finding."""
    path = template("E9009/bad.yaml")
    (path.parent / ".cfnlintrc").write_text("ignore_checks: [E9009]")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("HOME", str(path.parent))
    with pytest.raises(template_lint.LintError, match="E9009"):
        await template_lint.warnings(path)


async def test_other_findings(template):
    """cfn-lint's own findings are not reported: `sam build` reports a template that it cannot read."""
    path = template("E9009/good.yaml")
    path.write_text("Resources: [1")
    assert await template_lint.warnings(path) == []
