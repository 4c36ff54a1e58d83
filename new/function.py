"""The function that is to be made, and its texts."""

from __future__ import annotations

import importlib.util
import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import indent
from typing import ClassVar

TEXT = Path(__file__).with_name("text")
# Each event type, and what an invocation is paid for.
EVENTS = {
    "viewer-request": "An invocation for each request, before the cache is asked.",
    "origin-request": "An invocation for each request that the cache cannot answer.",
    "origin-response": "An invocation for each answer of the origin.",
    "viewer-response": "An invocation for each answer, also from the cache.",
}
# The runtime at the edge is the template's for each Lambda@Edge function. A CloudFront Function names its own.
CLOUDFRONT_RUNTIMES = ("cloudfront-js-2.0", "cloudfront-js-1.0")
# A package's name, short enough for the role's name: IAM cuts those at 64 characters.
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 24


class NewError(Exception):
    """Why nothing was made. The text says what was wrong and what to do."""


@dataclass(frozen=True)
class Function:
    """A Lambda@Edge function by its package under src/, and its event type."""

    texts: ClassVar[str] = "lambda_edge"
    associations: ClassVar[str] = "LambdaFunctionAssociations"
    source: ClassVar[str] = "handler.py"

    name: str
    event: str

    @property
    def id(self) -> str:
        """The beginning of its logical ids, such as `Geo` for GeoFunction and GeoRole."""
        return self.name.title().replace("_", "")

    @property
    def kind(self) -> str:
        """What the function is given and returns: `request` or `response`."""
        return self.event.partition("-")[2]

    def text(self, name: str, **more: str) -> str:
        """A file of new/text with this function's names in it."""
        return Template((TEXT / self.texts / f"{name}.txt").read_text(encoding="utf-8")).substitute(
            name=self.name,
            Title=self.name.replace("_", " ").capitalize(),
            Id=self.id,
            event=self.event,
            Event=self.event.replace("-", " ").capitalize(),
            read=self.event.replace("-", "_"),
            kind=self.kind,
            Kind=self.kind.capitalize(),
            unpacked="_, request" if self.kind == "request" else "_, _, response",
            runs=EVENTS[self.event],
            **more,
        )


@dataclass(frozen=True)
class CloudFrontFunction(Function):
    """A CloudFront Function, in JavaScript, for a viewer's event."""

    texts: ClassVar[str] = "cloudfront_functions"
    associations: ClassVar[str] = "FunctionAssociations"
    source: ClassVar[str] = "index.js"

    runtime: str = CLOUDFRONT_RUNTIMES[0]

    def text(self, name: str, **more: str) -> str:
        """A file of new/text with this function's names, its runtime and its code in it."""
        code = "" if name == self.source else indent(self.text(self.source), " " * 8).rstrip()
        return super().text(name, runtime=self.runtime, code=code, **more)


def wanted(name: str, event: str, runtime: str = "") -> Function:
    """The function of this name for this event type, at viewer-request if none is said. Without a runtime, a function
    of Lambda@Edge. Raises NewError for a name, an event or a runtime that cannot be."""
    if runtime and runtime not in CLOUDFRONT_RUNTIMES:
        known = " or ".join(CLOUDFRONT_RUNTIMES)
        raise NewError(
            f"There is no RUNTIME {runtime!r} to choose. For a CloudFront Function, name {known}. Without RUNTIME, the "
            "function is one of Lambda@Edge, in Python."
        )
    if event not in EVENTS:
        raise NewError(f"There is no event type {event!r}. There are: {', '.join(EVENTS)}.")
    if runtime and not event.startswith("viewer-"):
        raise NewError(f"CloudFront Functions run at viewer-request and viewer-response, not at {event}.")
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise NewError(
            f"{name!r} cannot name a function. Use lower-case letters, digits and underscores, such as geo or "
            f"show_country, at most {LONGEST} characters."
        )
    if Path("src", name).exists():
        raise NewError(f"There is a src/{name} already. Choose another name, or remove the folder.")
    if keyword.iskeyword(name) or importlib.util.find_spec(name):
        raise NewError(f"{name!r} means something else in Python, which src/{name} would hide. Choose another name.")
    return CloudFrontFunction(name, event, runtime) if runtime else Function(name, event)
