"""The failures of edge functions, as the runtime reports them to the distribution."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "configuration",  # the function's configuration could not be read
    "credentials",  # the function's role could not be assumed
    "build",  # the function's source does not build
    "init",  # the module or the handler could not be loaded within 10 s
    "error",  # the handler raised, or returned an object that is not JSON serializable
    "invalid result",  # the handler returned its own bytes as the result, and they are not JSON
    "timeout",  # the handler did not return in time
    "exit",  # the process ended in the middle of a request
    "closed",  # the runtime was closed in the middle of a request
]


def function_name(arn: str) -> str:
    """The name in `arn:aws:lambda:us-east-1:123456789012:function:name:3`. Any other text is returned as it is."""
    parts = arn.split(":")
    return parts[6] if len(parts) == 8 else arn


class FunctionFailed(Exception):  # noqa: N818 - an outcome of a request, not a mistake of the caller
    """A call of an edge function failed. CloudFront answers 503, or 502 for an invalid result.

    `message` begins with Lambda's error type if there is one ("KeyError: 'Records'"). `detail` has the function's
    traceback or the output of the build, and may be empty. `str()` is one line.
    """

    def __init__(self, kind: Kind, function: str, message: str, detail: str = "") -> None:
        super().__init__(kind, function, message, detail)
        self.kind = kind
        self.function = function
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.function}: {' '.join(self.message.split())}"
