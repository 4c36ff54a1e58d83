"""A further Region's content bucket, for the distribution of an edge stack: `deploy-region`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stack import cloudformation
from stack.errors import StackError
from stack.progress import waiting

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "deploy-region"
HELP = "make a content bucket in a further Region"
PLACE = 5
NOT_DESTROYED = "what `deploy-region` put into other Regions, which are stacks of their own"

# What the template calls the edge stack's name. Its other parameters have the names of the edge stack's outputs.
EDGE_STACK_NAME = "EdgeStackName"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    parser.description = (
        "Deploys regional.yaml, a bucket for files, to further Regions as the stack <name>-content. It uploads no file "
        "and enters none in the table of files. `destroy` deletes such a stack by its own --stack-name and --region."
    )
    parser.add_argument("regions", metavar="REGION", nargs="+", help="such as eu-west-1")
    parser.add_argument("--template", type=Path, default=Path("regional.yaml"), help="what to deploy (regional.yaml)")
    parser.set_defaults(run=_deploy_all)


def _deploy_all(options: argparse.Namespace, stack: Stack) -> None:
    if stack.region in options.regions:
        raise StackError(f"{stack.region} is the edge stack's own Region, where template.yaml made a bucket already.")
    if not options.template.is_file():
        raise StackError(f"There is no template {options.template} to deploy.")
    for region in options.regions:
        with waiting(f"Deploying {name(stack)} to {region} ...") as say:
            outputs = deploy(stack, region, options.template.read_text(), say)
        print(f"The stack {name(stack)} in {region} is deployed. No file was uploaded.", file=sys.stderr)
        for output, value in outputs.items():
            print(f"{output}: {value}")


def name(stack: Stack) -> str:
    """What the stacks in other Regions are called."""
    return f"{stack.name}-content"


def deploy(stack: Stack, region: str, template: str, say: Callable[[str], None]) -> dict[str, str]:
    """Creates or updates the stack in a further Region, of which `say` tells the progress. Returns its outputs.

    Raises StackError.
    """
    client = stack.client("cloudformation", region)
    parameters = _parameters(stack, client.validate_template(TemplateBody=template)["Parameters"])
    found = cloudformation.apply(client, name(stack), template, parameters, say)
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def _parameters(stack: Stack, declared: list[dict[str, Any]]) -> dict[str, str]:
    """A value for each parameter, but for those that have a default and no output of that name."""
    known = {**stack.outputs(), EDGE_STACK_NAME: stack.name}
    for parameter in declared:
        if parameter["ParameterKey"] not in known and "DefaultValue" not in parameter:
            raise StackError(
                f"The template asks for {parameter['ParameterKey']}, which is no output of the stack {stack.name}. "
                "Deploy this repository's template.yaml first."
            )
    return {each["ParameterKey"]: known[each["ParameterKey"]] for each in declared if each["ParameterKey"] in known}
