"""`execute`: executes a change set that somebody has approved, and waits for its end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from stack import cloudformation
from stack.errors import StackError
from stack.progress import waiting

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "execute"
HELP = "execute a change set that `sam deploy --no-execute-changeset` has made"
PLACE = 6

# The stack's status while only its first change set exists.
NEW = "REVIEW_IN_PROGRESS"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the argument. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Executes a change set and waits until CloudFormation has deployed it. If that fails, CloudFormation rolls the "
        "stack back, and the command prints the reasons."
    )
    parser.add_argument("change_set", metavar="ARN", help="the change set's ARN, as `sam deploy` prints it")
    parser.set_defaults(run=_execute)


def _execute(options: argparse.Namespace, stack: Stack) -> None:
    client = stack.client("cloudformation")
    found = _described(client, stack, options.change_set)
    if found["StackName"] != stack.name:
        raise StackError(f"The change set is for the stack {found['StackName']}, not for {stack.name}.")
    stack_id = found["StackId"]
    is_new = client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"] == NEW
    operation = "CREATE" if is_new else "UPDATE"
    client.execute_change_set(StackName=stack.name, ChangeSetName=options.change_set)
    with waiting(f"Deploying {stack.name} ...") as say:
        status = cloudformation.await_end(client, stack_id, say)
    if status != f"{operation}_COMPLETE":
        reasons = map(str, cloudformation.failed(client, stack_id, operation))
        raise StackError("\n  ".join([f"The change set was not deployed. {stack.name} is {status}:", *reasons]))
    print(f"The change set of {stack.name} is deployed.", file=sys.stderr)


def _described(client: Any, stack: Stack, change_set: str) -> dict[str, Any]:
    """The change set. Raises StackError if there is no such one, or if it cannot be executed."""
    try:
        found: dict[str, Any] = client.describe_change_set(StackName=stack.name, ChangeSetName=change_set)
    except client.exceptions.ChangeSetNotFoundException:
        raise StackError(f"There is no change set {change_set}. Make one: sam deploy --no-execute-changeset") from None
    if found["ExecutionStatus"] != "AVAILABLE":
        reason = found.get("StatusReason", "CloudFormation gives no reason.")
        raise StackError(
            f"The change set cannot be executed, because it is {found['ExecutionStatus']}: {reason} "
            "Make a new one: sam deploy --no-execute-changeset"
        )
    return found
