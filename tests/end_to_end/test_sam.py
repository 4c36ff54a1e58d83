"""sam as its users type it, from samconfig.toml's defaults, against the embedded AWS."""

import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from cloudfront_local.aws import ministack, samconfig

SAM = str(Path(sys.executable).with_name("sam"))


@pytest.mark.long
def test_validate(project):
    """`sam validate` takes the template, and needs no AWS."""
    result = project.run(SAM, "validate", SAM_CLI_TELEMETRY="0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"{project.folder}/template.yaml is a valid SAM Template")


@pytest.mark.long
async def test_build_and_deploy(project):
    """`sam build && sam deploy` creates the stack."""
    settings = tomllib.loads((project.folder / "samconfig.toml").read_text())
    name = settings["default"]["global"]["parameters"]["stack_name"]
    async with ministack.running() as aws:
        shell = {name: value for name, value in aws.endpoint.environment().items() if name not in os.environ}
        shell |= {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.3"}
        for command in ("build", "deploy"):
            result = project.run(SAM, command, **shell)
            assert result.returncode == 0, result.stdout + result.stderr
        name = samconfig.parameters(samconfig.environments(project.folder)["default"], "deploy")["stack_name"]
        cloudformation = aws.endpoint.client("cloudformation")
        (stack,) = cloudformation.describe_stacks(StackName=str(name))["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert {output["OutputKey"] for output in stack["Outputs"]} >= {"Url", "DistributionId"}


def test_make_lists_its_targets(project):
    """`make` alone says what there is: every target, in order."""
    makefile = (project.folder / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE)
    phony = [name for line in re.findall(r"^\.PHONY: ([^#\n]*)", makefile, re.MULTILINE) for name in line.split()]
    result = project.run("make")
    listed = [line.split()[1] for line in result.stdout.splitlines()]
    assert (result.returncode, listed, sorted(phony)) == (0, targets, sorted(targets))
    assert {"help", "local", "test", "lint"} <= set(targets)


def test_old_python(project):
    """A Python that is too old, or none, is refused before anything is installed."""
    (project.folder / ".venv" / ".installed").unlink()
    result = project.run("make", "local", "PYTHON=false")
    assert result.returncode == 2
    assert result.stderr.startswith(
        "Python 3.11 or later is needed; false is not. Name one: make PYTHON=python3.13 ...\n"
    )
