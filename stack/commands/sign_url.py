"""`sign-url`: a URL that opens private content for a while."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from stack import signing

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "sign-url"
HELP = "print a signed URL for private content"
PLACE = 5


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Prints a URL that opens private content for a while: of a behavior with TrustedKeyGroups. With a star, the "
        "URL's query string opens each URL that the path covers."
    )
    signing.add_options(parser)
    parser.set_defaults(run=_sign)


def _sign(options: argparse.Namespace, stack: Stack) -> None:
    access = signing.access(options, stack)
    query = "&".join(f"{name}={value}" for name, value in signing.parameters(options, stack, access).items())
    print(f"{access.resource}{'&' if '?' in access.resource else '?'}{query}")
    hint = " Put a path in place of the star." if "*" in access.resource else ""
    print(f"The URL is good until {signing.until_text(access)}.{hint}{signing.star_hint(access)}", file=sys.stderr)
