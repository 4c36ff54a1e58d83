"""The files that the code host and the editors read: against their published schemas, and every command there is."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
SCHEMAS = {
    ".github/workflows/*.yml": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    ".github/ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    ".github/ISSUE_TEMPLATE/[!c]*.yml": "vendor.github-issue-forms",
}
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize(("pattern", "schema"), SCHEMAS.items())
def test_schemas(pattern, schema):
    """Every file fits the schema that its reader publishes."""
    files = sorted(REPOSITORY.glob(pattern))
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)
    done = subprocess.run([*checker, *files], capture_output=True, text=True)
    assert files
    assert done.returncode == 0, done.stdout


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned(workflow):
    """An action of somebody else's has a whole version."""
    actions = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert actions
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@v\d+\.\d+\.\d+", action)] == []


def commands() -> Iterator[str]:
    """The command lines of all workflows, of the container and of the hooks."""
    for workflow in WORKFLOWS:
        for step in steps(workflow):
            yield from (line.strip() for line in step.get("run", "").replace("\\\n", "").splitlines())
    container = (REPOSITORY / ".devcontainer" / "devcontainer.json").read_text()
    yield from json.loads(re.sub(r"^\s*//.*$", "", container, flags=re.MULTILINE))["onCreateCommand"].split(" && ")
    for repo in yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text())["repos"]:
        yield from (hook["entry"] for hook in repo["hooks"])


# Commands of the shell, and of the machines of the code host and the container.
KNOWN = {"set", "echo", "{", "sudo"}


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_is_there(command):
    """make knows each target, `.venv` gets each program, and each file is executable."""
    program, *arguments = shlex.split(command, comments=True)
    if program == "make":
        target = next(argument for argument in arguments if "=" not in argument)
        dry_run = subprocess.run(["make", "-n", target], cwd=REPOSITORY, capture_output=True, text=True)
        assert dry_run.returncode == 0, dry_run.stderr
    elif program.startswith(".venv/bin/"):
        assert shutil.which(Path(program).name, path=str(Path(sys.executable).parent))
    elif program not in KNOWN:
        assert (REPOSITORY / program).stat().st_mode & 0o100
