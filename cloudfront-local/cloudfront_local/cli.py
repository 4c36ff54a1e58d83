"""The command `cloudfront-local`: serves, calls, checks and lints a SAM project's CloudFront distribution.

cloudfront-local [serve] [--template T] [--port N] [--edge-region R] [--record DIR]
cloudfront-local invoke FUNCTION -e EVENT [--container]
cloudfront-local check EVENT RESULT
cloudfront-local lint [TEMPLATE]
cloudfront-local rules
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from cloudfront_local.errors import LocalError

COMMANDS = ("serve", "invoke", "check", "lint", "rules")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns its exit status: 0 or 1, or 130 after Ctrl-C. A LocalError is printed on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] not in ("-h", "--help", *COMMANDS):
        arguments = ["serve", *arguments]
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "cloudfront-local", description="Runs a SAM project's CloudFront distribution on this machine."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving = commands.add_parser(
        "serve", help="deploy a SAM template on this machine and serve its distribution (the default command)"
    )
    serving.add_argument(
        "--template", type=Path, default=Path("template.yaml"), help="the SAM template (default: template.yaml)"
    )
    serving.add_argument(
        "--port",
        type=_port,
        default=os.environ.get("PORT") or "8080",
        help="the distribution's port; 0 takes a free port (default: $PORT or 8080)",
    )
    serving.add_argument(
        "--aws-port",
        type=_port,
        default=os.environ.get("AWS_PORT") or "0",
        help="the embedded AWS's port; 0 takes a free port (default: $AWS_PORT or 0)",
    )
    serving.add_argument(
        "--edge-region",
        type=_region,
        default="us-east-1",
        help="the Region that edge functions run in (default: us-east-1)",
    )
    serving.add_argument(
        "--record", type=Path, metavar="DIR", help="write the events and results of edge functions to files in DIR"
    )
    serving.set_defaults(run=_serve)
    invoking = commands.add_parser("invoke", help="call a function of the running stack once")
    invoking.add_argument(
        "function",
        metavar="FUNCTION",
        help="the function's logical id, or its package: authorizer for the handler authorizer.handler.handler",
    )
    invoking.add_argument(
        "-e", "--event", required=True, metavar="EVENT", help="a file with the event; - reads standard input"
    )
    invoking.add_argument(
        "--container", action="store_true", help="run the function in SAM's container, as `sam local invoke` does"
    )
    invoking.set_defaults(run=_invoke)
    checking = commands.add_parser("check", help="check a function's result against CloudFront's rules")
    checking.add_argument("event", metavar="EVENT", help="a file with the event that the function was called with")
    checking.add_argument("result", metavar="RESULT", help="a file with the function's result; - reads standard input")
    checking.set_defaults(run=_check)
    linting = commands.add_parser("lint", help="report what CloudFront and Lambda@Edge refuse in a template")
    linting.add_argument(
        "template",
        nargs="?",
        type=Path,
        default=Path("template.yaml"),
        help="the template to lint (default: template.yaml)",
    )
    linting.set_defaults(run=_lint)
    commands.add_parser("rules", help="print the rules for the results of functions").set_defaults(run=_rules)
    return parser


def _serve(options: argparse.Namespace) -> int:
    # Before the imports, which take a while: a signal ends the command at any time, with status 0.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    with _embedded_aws():
        from cloudfront_local.serving import serve

    return serve.main(
        serve.Options(options.template, options.port, options.aws_port, options.edge_region, options.record)
    )


def _invoke(options: argparse.Namespace) -> int:
    with _embedded_aws():
        from cloudfront_local import invoke

    return invoke.main(options.function, options.event, container=options.container)


def _check(options: argparse.Namespace) -> int:
    from cloudfront_local import check

    return check.main(options.event, options.result)


def _lint(options: argparse.Namespace) -> int:
    from cloudfront_local.lint.findings import findings

    template: Path = options.template
    if not template.is_file():
        raise LocalError(f"There is no template {template}. Name its path, or run the command in its folder.")
    found = findings(template)
    for line, rule, message in found:
        print(f"{template}:{line} {rule}: {message}")
    return 1 if any(rule.startswith("E") for _, rule, _ in found) else 0


def _rules(_: argparse.Namespace) -> int:
    from cloudfront_local.rules.table import table

    print(table(), end="")
    return 0


@contextlib.contextmanager
def _embedded_aws() -> Iterator[None]:
    """Imports inside the `with` block that fail raise a LocalError that says how to install the missing package."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise LocalError(
            f"The Python package {error.name} is missing. This command needs the embedded AWS: "
            "python -m pip install 'cloudfront-local[aws]'"
        ) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Give a number from 0 to 65535.")
    return int(text)


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Region. Give a name such as ap-southeast-2.")
    return text
