"""Deletes functions that have replicas. Lambda refuses that until CloudFront has removed the replicas."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from stack.cloudformation import Resource
from stack.progress import looks

LONGEST_PAUSE = 60


def replicated(resource: Resource) -> bool:
    """Whether CloudFormation did not delete a resource because it is a function with replicas.

    Lambda has no error code for this, so the function looks for a phrase of Lambda's message.
    """
    return resource.type == "AWS::Lambda::Function" and "replicated function" in resource.reason


def delete(
    lambda_: Any, functions: Sequence[Resource], deadline: float, say: Callable[[str], None]
) -> Sequence[Resource]:
    """Deletes functions as soon as their replicas are gone. Returns the functions that still have replicas.

    `deadline` is a time of time.monotonic(). `say` receives the progress.
    """
    for _ in looks(LONGEST_PAUSE):
        functions = [function for function in functions if not _deleted(lambda_, function.physical_id)]
        if not functions or time.monotonic() >= deadline:
            break
        say(
            f"CloudFront is removing the replicas of {names(functions)}, usually within hours; Ctrl-C stops waiting ..."
        )
    return functions


def names(functions: Sequence[Resource]) -> str:
    """The functions' logical ids, separated by commas."""
    return ", ".join(function.logical_id for function in functions)


def _deleted(lambda_: Any, function: str) -> bool:
    try:
        lambda_.delete_function(FunctionName=function)
    except lambda_.exceptions.ResourceNotFoundException:
        return True
    except lambda_.exceptions.InvalidParameterValueException as error:
        if "replicated function" not in str(error):
            raise
        return False
    return True
