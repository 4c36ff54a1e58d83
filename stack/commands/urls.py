"""`urls`: prints the stack's URLs, and the next steps for a new stack."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudfront_local.distribution.failure import function_name
from stack import discovery, distributions
from stack.errors import StackError

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "urls"
HELP = "print the stack's URLs, and the next steps for a new stack"
PLACE = 1

URL_OUTPUT = "Url"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Prints the URL of each behavior with the functions that run there, and the next steps for a new stack. It "
        "reads the configuration from AWS and does not request the URLs."
    )
    parser.set_defaults(run=_urls)


def _urls(_: argparse.Namespace, stack: Stack) -> None:
    outputs = stack.outputs()
    base = stack.url or outputs.get(URL_OUTPUT, "")
    if not base:
        raise StackError(
            f"The stack {stack.name} has no output {URL_OUTPUT}. Deploy this repository's template.yaml first."
        )
    print("\n".join(_paths(stack, base)))
    for advice in _advice(stack, outputs):
        print(advice, file=sys.stderr)


def _paths(stack: Stack, base: str) -> list[str]:
    """A line for each behavior: its URL, and the functions that run there."""
    names = {physical_id: name for name, physical_id in stack.resources("AWS::Lambda::Function").items()}
    found = [
        (f"{base}/{pattern.removeprefix('/')}".removesuffix("*"), map(function_name, arns))
        for distribution in distributions.of(stack)
        for pattern, arns in distributions.functions(distribution.config)
    ]
    width = max((len(url) for url, _ in found), default=0)
    return sorted(
        f"{url:{width}}  {', '.join(names.get(each, each) for each in functions)}".rstrip() for url, functions in found
    )


def _advice(stack: Stack, outputs: dict[str, str]) -> Iterator[str]:
    if not all(distribution.deployed for distribution in distributions.of(stack)):
        yield "CloudFront is still deploying the last change to its edge locations. This takes up to 15 minutes."
    yield from discovery.advice(stack, outputs)
