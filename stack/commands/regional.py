"""`deploy-region`: creates a content bucket in a further Region for the distribution of an edge stack."""

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
HELP = "create a content bucket in a further Region"
PLACE = 5
NOT_DESTROYED = "the stacks that `deploy-region` created in other Regions"

# The template's parameter for the edge stack's name. The other parameters have the names of the edge stack's outputs.
EDGE_STACK_NAME = "EdgeStackName"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Deploys regional.yaml, which is a bucket for files, to further Regions. The stack there is <name>-content. "
        "This command does not upload or register files. To delete such a stack, run `destroy` with its --stack-name "
        "and --region."
    )
    parser.add_argument("regions", metavar="REGION", nargs="+", help="a further Region, such as eu-west-1")
    parser.add_argument(
        "--template", type=Path, default=Path("regional.yaml"), help="the template to deploy (default: regional.yaml)"
    )
    parser.set_defaults(run=_deploy_all)


def _deploy_all(options: argparse.Namespace, stack: Stack) -> None:
    if stack.region in options.regions:
        raise StackError(
            f"{stack.region} is the edge stack's own Region, and template.yaml has created a content bucket there. "
            "Name other Regions."
        )
    if not options.template.is_file():
        raise StackError(f"There is no template {options.template} to deploy. Check --template and the folder.")
    for region in options.regions:
        with waiting(f"Deploying {name(stack)} to {region} ...") as say:
            outputs = deploy(stack, region, options.template.read_text(), say)
        print(f"The stack {name(stack)} in {region} is deployed. No file was uploaded.", file=sys.stderr)
        for output, value in outputs.items():
            print(f"{output}: {value}")


def name(stack: Stack) -> str:
    """The name of the stacks in other Regions."""
    return f"{stack.name}-content"


def deploy(stack: Stack, region: str, template: str, say: Callable[[str], None]) -> dict[str, str]:
    """Creates or updates the stack in a further Region. Returns the stack's outputs.

    `say` receives the progress. Raises StackError.
    """
    client = stack.client("cloudformation", region)
    parameters = _parameters(stack, client.validate_template(TemplateBody=template)["Parameters"])
    found = cloudformation.apply(client, name(stack), template, parameters, say)
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def _parameters(stack: Stack, declared: list[dict[str, Any]]) -> dict[str, str]:
    """Values for the template's parameters: the edge stack's name, and the edge stack's outputs of the same names.

    Raises StackError if a parameter has neither a value nor a default.
    """
    known = {**stack.outputs(), EDGE_STACK_NAME: stack.name}
    for parameter in declared:
        if parameter["ParameterKey"] not in known and "DefaultValue" not in parameter:
            raise StackError(
                f"The template needs the parameter {parameter['ParameterKey']}, and the stack {stack.name} has no "
                "output of that name. Deploy this repository's template.yaml first."
            )
    return {each["ParameterKey"]: known[each["ParameterKey"]] for each in declared if each["ParameterKey"] in known}
