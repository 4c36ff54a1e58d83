"""The options of `serve`. The command line comes first, then the shell's variables, then the project's own settings."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cloudfront_local.aws.project import Project
from cloudfront_local.distribution.viewer_headers import devices, places
from cloudfront_local.distribution.viewer_headers.devices import Device
from cloudfront_local.distribution.viewer_headers.places import Place
from cloudfront_local.errors import LocalError


def settings(arguments: Sequence[str]) -> Mapping[str, Any]:
    """`[tool.cloudfront-local]` of the pyproject.toml beside the template that the command line names.

    Raises LocalError.
    """
    known, _ = template().parse_known_args(arguments)
    return Project(templates(known)[-1].resolve()).settings


def template() -> argparse.ArgumentParser:
    """The option that names the project's templates."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--template",
        type=Path,
        action="append",
        metavar="TEMPLATE",
        help="the SAM template (default: template.yaml). With several, the last one's distribution is served, and the "
        "others are deployed before, as stacks of their own; their outputs are values for parameters of the same name",
    )
    return parser


def templates(chosen: argparse.Namespace) -> list[Path]:
    """The templates in the order of their deployment. The last one's distribution is served."""
    named: list[Path] = chosen.template or [Path("template.yaml")]
    return named


def add(parser: argparse.ArgumentParser, settings: Mapping[str, Any]) -> None:
    """Adds the other options. `settings` holds the project's own defaults by option, such as `edge-region`.

    Raises LocalError for a setting that must be true or false, and is not.
    """

    def default(name: str, otherwise: str, variable: str = "") -> str:
        return os.environ.get(variable) or str(settings.get(name, otherwise))

    def switch(name: str, *, otherwise: bool = False) -> bool:
        if isinstance(value := settings.get(name, otherwise), bool):
            return value
        raise LocalError(f"pyproject.toml: [tool.cloudfront-local] {name} is {value!r}. Write true or false.")

    overrides = settings.get("parameter-overrides", [])
    parser.add_argument(
        "--port",
        type=_port,
        default=default("port", "8080", "PORT"),
        help="the distribution's port; 0 takes a free port (default: $PORT or 8080)",
    )
    parser.add_argument(
        "--distribution",
        default=default("distribution", ""),
        metavar="NAME",
        help="the logical id of the one distribution to serve (default: all; the first is on the port, others on free "
        "ports)",
    )
    parser.add_argument(
        "--https",
        action=argparse.BooleanOptionalAction,
        default=switch("https"),
        help="serve HTTPS beside HTTP, which then is no HTTPS: the viewer protocol policy redirects or refuses plain "
        "HTTP (default: no, and plain HTTP counts as HTTPS)",
    )
    parser.add_argument(
        "--https-port",
        type=_port,
        default=default("https-port", "8443", "HTTPS_PORT"),
        help="the port for HTTPS; 0 takes a free port (default: $HTTPS_PORT or 8443)",
    )
    parser.add_argument(
        "--window",
        action=argparse.BooleanOptionalAction,
        default=switch("window", otherwise=True),
        help="open the window, which shows what happened to each request (default: yes)",
    )
    parser.add_argument(
        "--window-port",
        type=_port,
        default=default("window-port", "8081", "WINDOW_PORT"),
        help="the window's port, or the next that is free; 0 takes a free port (default: $WINDOW_PORT or 8081)",
    )
    parser.add_argument(
        "--debug",
        action="store_true",
        help="start each Lambda@Edge function under debugpy (from port 5678 on) or Node.js's inspector (from 9229 on), "
        "without time limits, one process a function; with --port 0 on free ports (default: no; `breakpoint()` opens "
        "pdb in the terminal)",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        default=switch("keep"),
        help="keep the data of tables, buckets, user pools and key value stores for the next start with --keep, in "
        ".aws-sam/local/kept-data (default: no)",
    )
    parser.add_argument(
        "--fresh",
        action="store_false",
        dest="keep",
        help="begin with empty tables, buckets, user pools and key value stores, and leave kept data alone (default)",
    )
    parser.add_argument(
        "--aws-port",
        type=_port,
        default=default("aws-port", "0", "AWS_PORT"),
        help="the embedded AWS's port; 0 takes a free port (default: $AWS_PORT or 0)",
    )
    parser.add_argument(
        "--edge-region",
        type=_region,
        default=default("edge-region", "us-east-1"),
        help="the Region that edge functions run in (default: us-east-1)",
    )
    parser.add_argument(
        "--parameter-overrides",
        nargs="+",
        default=[overrides] if isinstance(overrides, str) else overrides,
        metavar="NAME=VALUE",
        help="the template's parameters, as sam takes them, in place of those of samconfig.toml",
    )
    parser.add_argument(
        "--viewer-country",
        type=_country,
        default=default("viewer-country", places.DEFAULT.country),
        metavar="COUNTRY",
        help=f"the country that viewers are in, such as NZ (default: {places.DEFAULT.country})",
    )
    parser.add_argument(
        "--viewer-device",
        type=_device,
        default=default("viewer-device", "auto"),
        metavar="DEVICE",
        help="the viewers' device: desktop, mobile, tablet or smart-tv, with ,ios or ,android if you like "
        "(default: auto, as the User-Agent says)",
    )
    parser.add_argument(
        "--pass-through",
        action=argparse.BooleanOptionalAction,
        default=switch("pass-through"),
        help="send requests to buckets, function URLs and APIs that are not in this stack to the real AWS, signed with "
        "your own credentials (default: no)",
    )
    parser.add_argument(
        "--access-log",
        type=Path,
        default=settings.get("access-log"),
        metavar="DIR",
        help="write access logs in CloudFront's standard format to files in DIR",
    )
    parser.add_argument(
        "--record", type=Path, metavar="DIR", help="write the events and results of edge functions to files in DIR"
    )


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Give a number from 0 to 65535.")
    return int(text)


def _country(text: str) -> Place:
    try:
        return places.place(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _device(text: str) -> Device | None:
    try:
        return devices.named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Region. Give a name such as ap-southeast-2.")
    return text
