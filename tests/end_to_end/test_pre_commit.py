"""The hook for pre-commit, in the repository's root."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BAD = REPOSITORY / "cloudfront-local" / "tests" / "lint" / "templates" / "E9013" / "bad.yaml"


@pytest.fixture
def run(tmp_path):
    """A command in a project under git, whose templates pre-commit knows."""
    project = tmp_path / "project"
    project.mkdir()

    def run(*command):
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
        return subprocess.run(
            list(map(str, command)), cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    run("git", "init")
    for name in ("template.yaml", "stacks/template.yml", "cdk.out/Site.template.json", "values.yaml"):
        (project / name).parent.mkdir(exist_ok=True)
        shutil.copy(BAD, project / name)
    run("git", "add", ".")
    return run


@pytest.mark.long
@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="pre-commit takes the hook from a repository")
def test_hook(run, tmp_path):
    """pre-commit, the newest, installs the tool and lints the project's templates, and these alone."""
    run(sys.executable, "-m", "venv", tmp_path / "tools")
    tools = tmp_path / "tools" / "bin"
    installed = run(tools / "pip", "install", "--quiet", "pre-commit")
    assert installed.returncode == 0, installed.stderr
    result = run(tools / "pre-commit", "try-repo", REPOSITORY, "cloudfront-local-lint", "--all-files")
    assert "- exit code: 1" in result.stdout, result.stdout + result.stderr
    linted = {line.partition(":")[0] for line in result.stdout.splitlines() if line.endswith(":16:7")}
    assert linted == {"template.yaml", "stacks/template.yml", "cdk.out/Site.template.json"}
