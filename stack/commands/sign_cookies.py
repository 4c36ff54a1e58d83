"""`sign-cookies`: cookies that open private content for a while."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stack import signing

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "sign-cookies"
HELP = "print signed cookies for private content"
PLACE = 5


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Prints cookies that open private content for a while: of a behavior with TrustedKeyGroups. They are one line, "
        "the value of the header Cookie."
    )
    signing.add_options(parser)
    parser.add_argument(
        "--set-cookie", action="store_true", help="print the headers Set-Cookie that an application sends, a line each"
    )
    parser.set_defaults(run=_sign)


def _sign(options: argparse.Namespace, stack: Stack) -> None:
    access = signing.access(options, stack)
    parameters = signing.parameters(options, stack, access)
    cookies = [f"CloudFront-{name}={value}" for name, value in parameters.items()]
    if options.set_cookie:
        print(*(f"Set-Cookie: {cookie}; {_attributes(access.resource)}" for cookie in cookies), sep="\n")
    else:
        print("; ".join(cookies))
    print(
        f"The cookies are good until {signing.until_text(access)}, for {access.resource}.{signing.star_hint(access)}",
        file=sys.stderr,
    )


def _attributes(resource: str) -> str:
    """Browsers send the cookie for the folder of the resource only. On this machine, there may be no HTTPS."""
    url = urlsplit(resource.partition("*")[0])
    folder = url.path.rpartition("/")[0] + "/"
    return f"Path={folder}; HttpOnly" + ("; Secure" if url.scheme == "https" else "")
