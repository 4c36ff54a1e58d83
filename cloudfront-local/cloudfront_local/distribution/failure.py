"""The ways in which an edge function can fail, as the distribution hears of them."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "configuration",  # the function could not be looked up
    "credentials",  # its role could not be assumed
    "build",  # its source does not build
    "init",  # its module or its handler could not be loaded, within 10 s
    "error",  # the handler raised, or returned what is no JSON
    "invalid result",  # the handler returned bytes of its own that are no JSON
    "timeout",  # the handler did not return in time
    "exit",  # the process ended in the middle of a request
    "closed",  # the runtime was closed while the request was under way
]


def function_name(arn: str) -> str:
    """The name in `arn:aws:lambda:us-east-1:123456789012:function:name:3`; what is no such ARN is its own name."""
    parts = arn.split(":")
    return parts[6] if len(parts) == 8 else arn


class FunctionFailed(Exception):  # noqa: N818 - what happened to a request, not a mistake in a call
    """A request that the function did not answer: CloudFront says 503, or 502 for an invalid result.

    `message` begins with Lambda's error type where there is one ("KeyError: 'Records'"), `detail` holds the function's
    traceback or the build's output and may be empty. `str()` is one line.
    """

    def __init__(self, kind: Kind, function: str, message: str, detail: str = "") -> None:
        super().__init__(kind, function, message, detail)
        self.kind = kind
        self.function = function
        self.message = message
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.function}: {' '.join(self.message.split())}"
