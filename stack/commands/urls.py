"""What to open, and what to do first: `urls`."""

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
HELP = "say what to open, and what to do first"
PLACE = 1

URL_OUTPUT = "Url"


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    parser.description = (
        "Says where the stack's behaviors begin, what runs there, and what a new stack still lacks. It asks AWS, and "
        "does not try whether the addresses answer."
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
    """A line for each behavior: where it begins, and the functions that run there."""
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
        yield "CloudFront is still spreading the last change to its edge locations, which takes up to 15 minutes."
    yield from discovery.advice(stack, outputs)
