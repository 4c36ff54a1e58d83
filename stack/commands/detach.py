"""`detach`: undoes `attach`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from stack import attachments, change

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "detach"
HELP = "undo `attach`"
PLACE = 6


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Removes a function from a behavior, and the function's origin custom headers unless another behavior needs "
        "them. Shows the change, asks, updates the distribution, and waits for CloudFront."
    )
    change.add_arguments(parser)
    parser.set_defaults(run=_detach)


def _detach(options: argparse.Namespace, stack: Stack) -> None:
    attachment = change.function(stack, options.function, {})
    distribution = change.found(stack, options.distribution)
    after = attachments.detached(distribution.config, options.path, attachment)
    change.make(stack, distribution, after, yes=options.yes)
