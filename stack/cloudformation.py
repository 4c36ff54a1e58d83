"""CloudFormation's operations on a stack: starts them, waits for their end, and reads why they failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from stack.errors import StackError
from stack.progress import looks
from stack.target import GONE

LONGEST_PAUSE = 10

# SAM retains old versions of a function. Lambda deletes them with the function.
VERSION = "AWS::Lambda::Version"


class Resource(NamedTuple):
    """A resource of a stack. `reason` is CloudFormation's reason for the resource's status."""

    logical_id: str
    type: str
    physical_id: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.logical_id} ({self.type}): {self.reason}"


def apply(
    cloudformation: Any, name: str, template: str, parameters: Mapping[str, str], say: Callable[[str], None]
) -> dict[str, Any]:
    """Creates a stack from a template, or updates it. Returns CloudFormation's description of the stack.

    `say` receives the progress. Raises StackError. CloudFormation deletes a stack whose creation fails, and rolls back
    an update that fails.
    """
    arguments = {
        "StackName": name,
        "TemplateBody": template,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    }
    if begun := _begin(cloudformation, arguments):
        await_deployed(cloudformation, name, *begun, say)
    found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return found


def _begin(cloudformation: Any, arguments: Mapping[str, Any]) -> tuple[str, str] | None:
    """Starts the operation. Returns its name (CREATE, UPDATE) and the stack's ARN, or None if nothing has changed."""
    from botocore.exceptions import ClientError

    with suppress(cloudformation.exceptions.AlreadyExistsException):
        return "CREATE", cloudformation.create_stack(**arguments, OnFailure="DELETE")["StackId"]
    try:
        return "UPDATE", cloudformation.update_stack(**arguments)["StackId"]
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
        return None


def await_deployed(cloudformation: Any, name: str, operation: str, stack_id: str, say: Callable[[str], None]) -> None:
    """Waits for the end of an operation (CREATE, UPDATE). Raises StackError, with the reasons, if it failed."""
    status = await_end(cloudformation, stack_id, say)
    if status != f"{operation}_COMPLETE":
        reasons = map(str, failed(cloudformation, stack_id, operation))
        raise StackError("\n  ".join([f"The stack {name} was not deployed. Its status is {status}:", *reasons]))


def await_end(cloudformation: Any, stack_id: str, say: Callable[[str], None]) -> str:
    """Waits until no operation is in progress on the stack with this ARN. Returns the stack's status."""
    status = ""
    for _ in looks(LONGEST_PAUSE):
        status = str(cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"])
        if not status.endswith("_IN_PROGRESS"):
            break
        say(f"CloudFormation: {status} ...")
    return status


def failed(cloudformation: Any, stack_id: str, operation: str) -> list[Resource]:
    """The resources on which the last operation (CREATE, UPDATE, DELETE) failed, with CloudFormation's reasons."""
    found = []
    for event in _events(cloudformation, stack_id):
        if event["PhysicalResourceId"] == stack_id:
            if event["ResourceStatus"] == f"{operation}_IN_PROGRESS":
                break
        elif event["ResourceStatus"].endswith("_FAILED"):
            found.append(_resource(event))
    return list({resource.logical_id: resource for resource in reversed(found)}.values())


def retained(cloudformation: Any, name: str) -> list[str]:
    """The logical ids of the resources that a stack's template retains.

    The list is empty for a template in YAML, which the SDK does not parse. A template that SAM has transformed is JSON.
    """
    template = cloudformation.get_template(StackName=name)["TemplateBody"]
    resources = template.get("Resources", {}) if isinstance(template, Mapping) else {}
    return [
        logical_id
        for logical_id, resource in resources.items()
        if str(resource.get("DeletionPolicy", "")).startswith("Retain") and resource["Type"] != VERSION
    ]


def kept(cloudformation: Any, stack_id: str) -> list[Resource]:
    """The resources of a deleted stack that its template retains (DeletionPolicy or UpdateReplacePolicy)."""
    skipped = [_resource(event) for event in _events(cloudformation, stack_id) if event["ResourceStatus"] in GONE[1:]]
    return [resource for resource in reversed(skipped) if resource.type != VERSION]


def _events(cloudformation: Any, stack_id: str) -> Iterator[dict[str, Any]]:
    """The events of a stack, the newest first."""
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id):
        yield from page["StackEvents"]


def _resource(event: dict[str, Any]) -> Resource:
    return Resource(
        event["LogicalResourceId"],
        event["ResourceType"],
        event.get("PhysicalResourceId", ""),
        event.get("ResourceStatusReason", ""),
    )
