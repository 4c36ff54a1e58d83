"""`attach`: runs a function of the stack on a distribution that exists."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cloudfront_local.lint.deployed import refusals
from stack import attachments, change, published
from stack.errors import StackError
from stack.pairs import by_name

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "attach"
HELP = "run a function on a distribution that exists, or a new version of it"
PLACE = 6


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Shows the change of the distribution's configuration, asks for a confirmation, updates the distribution, and "
        "waits for CloudFront. Run it again after a deployment: the behavior then runs the new version."
    )
    change.add_arguments(parser)
    parser.add_argument(
        "--header",
        type=_header,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting in place of the stack's, as an origin custom header; without VALUE, no such header",
    )
    parser.set_defaults(run=_attach)


def _header(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.lower(), value


def _attach(options: argparse.Namespace, stack: Stack) -> None:
    attachment = change.function(stack, options.function, by_name("--header", options.header))
    if attachment.not_attachable:
        raise StackError(f"{attachment.name} cannot be attached. {attachment.not_attachable}")
    distribution = change.found(stack, options.distribution)
    after = attachments.attached(distribution.config, options.path, attachment)
    function = published.read(stack, attachment.name, attachment.arn)
    if refused := refusals(distribution.id, distribution.config, after, function):
        raise StackError("\n  ".join(["Nothing was changed, because CloudFront refuses the change:", *refused]))
    change.make(stack, distribution, after, yes=options.yes)
