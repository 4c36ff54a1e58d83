"""`urls`: prints the stack's URLs, and the next steps for a new stack."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloudfront_local.distribution.behaviors import path_matches
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
        "Prints a URL of each behavior with the functions that run there, and the next steps for a new stack. A "
        "behavior without a known URL is printed as its path pattern. The command reads the configuration from AWS and "
        "does not request the URLs."
    )
    parser.set_defaults(run=_urls)


def _urls(_: argparse.Namespace, stack: Stack) -> None:
    outputs = stack.outputs()
    base = stack.url or outputs.get(URL_OUTPUT, "")
    if not base:
        raise StackError(
            f"The stack {stack.name} has no output {URL_OUTPUT}. Deploy this repository's template.yaml first."
        )
    print("\n".join(_lines(stack, base, ["/", *_outputs(outputs), *discovery.paths(stack, outputs)])))
    for advice in _advice(stack, outputs):
        print(advice, file=sys.stderr)


def _outputs(outputs: Mapping[str, str]) -> Iterator[str]:
    """The paths of the outputs that are addresses of the distribution."""
    base = outputs[URL_OUTPUT]
    yield from (value.removeprefix(base) for value in outputs.values() if value.startswith(f"{base}/"))


def _lines(stack: Stack, base: str, paths: Sequence[str]) -> list[str]:
    """A line for each behavior: the URL of the first path that it serves, and the functions that run there.

    Path patterns of behaviors without a URL come last.
    """
    names = {physical_id: name for name, physical_id in stack.resources("AWS::Lambda::Function").items()}
    found = [
        (_address(base, behavior, served), map(function_name, arns))
        for distribution in distributions.of(stack)
        for (behavior, served), (_, arns) in zip(
            _served(distribution.config, paths), distributions.functions(distribution.config), strict=True
        )
    ]
    found.sort(key=lambda line: (line[0].startswith("/"), line[0]))
    width = max((len(url) for url, _ in found), default=0)
    return [
        f"{url:{width}}  {', '.join(names.get(each, each) for each in functions)}".rstrip() for url, functions in found
    ]


def _served(config: dict[str, Any], paths: Sequence[str]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each behavior with the paths that it serves: a path is the first behavior's whose pattern matches."""
    left = list(paths)
    for behavior in distributions.behaviors(config):
        pattern = behavior.get("PathPattern", "*")
        yield behavior, [path for path in left if path_matches(pattern, path)]
        left = [path for path in left if not path_matches(pattern, path)]


def _address(base: str, behavior: dict[str, Any], paths: list[str]) -> str:
    """A URL that answers. Else the path pattern: without a known path, and where CloudFront asks for a signature."""
    if paths and not behavior.get("TrustedKeyGroups", {}).get("Enabled"):
        return f"{base}{paths[0]}"
    return f"/{behavior.get('PathPattern', '*').removeprefix('/')}"


def _advice(stack: Stack, outputs: dict[str, str]) -> Iterator[str]:
    if not all(distribution.deployed for distribution in distributions.of(stack)):
        yield "CloudFront is still deploying the last change to its edge locations. This takes up to 15 minutes."
    yield from discovery.advice(stack, outputs)
