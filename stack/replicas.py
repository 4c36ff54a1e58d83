"""Functions that Lambda will not delete yet: CloudFront removes their replicas in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from stack.cloudformation import Resource
from stack.progress import looks

LONGEST_PAUSE = 60


def replicated(resource: Resource) -> bool:
    """Whether that is why CloudFormation did not delete a resource. Lambda's words, for want of an error code."""
    return resource.type == "AWS::Lambda::Function" and "replicated function" in resource.reason


def delete(
    lambda_: Any, functions: Sequence[Resource], deadline: float, say: Callable[[str], None]
) -> Sequence[Resource]:
    """Deletes functions as soon as their replicas are gone, until a moment of time.monotonic(). Returns the rest."""
    for _ in looks(LONGEST_PAUSE):
        functions = [function for function in functions if not _deleted(lambda_, function.physical_id)]
        if not functions or time.monotonic() >= deadline:
            break
        say(f"CloudFront removes the replicas of {names(functions)}, mostly within hours; Ctrl-C to wait no longer ...")
    return functions


def names(functions: Sequence[Resource]) -> str:
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
