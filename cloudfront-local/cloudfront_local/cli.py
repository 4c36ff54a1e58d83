"""CloudFront and AWS on this machine.

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
    """Returns the exit status: 0, or 1 after a clear line on stderr that says what was wrong and what to do."""
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
    parser = argparse.ArgumentParser("cloudfront-local", description="CloudFront and AWS on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving = commands.add_parser("serve", help="deploy a SAM template here and serve its distribution (the default)")
    serving.add_argument("--template", type=Path, default=Path("template.yaml"), help="a SAM template (template.yaml)")
    serving.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8080", help="0: a free one ($PORT or 8080)"
    )
    serving.add_argument(
        "--aws-port",
        type=_port,
        default=os.environ.get("AWS_PORT") or "0",
        help="the embedded AWS's ($AWS_PORT, or a free one)",
    )
    serving.add_argument(
        "--edge-region", type=_region, default="us-east-1", help="where the functions find themselves (us-east-1)"
    )
    serving.add_argument("--record", type=Path, metavar="DIR", help="write the functions' events and results there")
    serving.set_defaults(run=_serve)
    invoking = commands.add_parser("invoke", help="call a function of the running stack once")
    invoking.add_argument("function", metavar="FUNCTION", help="its logical id, or its folder under src/")
    invoking.add_argument(
        "-e", "--event", required=True, metavar="EVENT", help="the event's file; - for standard input"
    )
    invoking.add_argument(
        "--container", action="store_true", help="in SAM's own container, which `sam local invoke` runs"
    )
    invoking.set_defaults(run=_invoke)
    checking = commands.add_parser("check", help="hold a function's result against CloudFront's rules")
    checking.add_argument("event", metavar="EVENT", help="the file of the event that the function was given")
    checking.add_argument("result", metavar="RESULT", help="the file of its result; - for standard input")
    checking.set_defaults(run=_check)
    linting = commands.add_parser("lint", help="say what Lambda@Edge refuses in a template, and cfn-lint's errors")
    linting.add_argument("template", nargs="?", type=Path, default=Path("template.yaml"), help="(template.yaml)")
    linting.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text", help="(text)")
    linting.set_defaults(run=_lint)
    commands.add_parser("rules", help="print the rules for results").set_defaults(run=_rules)
    return parser


def _serve(options: argparse.Namespace) -> int:
    # From the first moment, although the imports take theirs: a signal means the end, and that nothing was wrong.
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
    from cloudfront_local.lint.report import report

    template: Path = options.template
    if not template.is_file():
        raise LocalError(f"There is no template {template}. Name one, or start where one is.")
    text, refused = report(template, options.format)
    if text:
        print(text)
    return 1 if refused else 0


def _rules(_: argparse.Namespace) -> int:
    from cloudfront_local.rules.table import table

    print(table(), end="")
    return 0


@contextlib.contextmanager
def _embedded_aws() -> Iterator[None]:
    """Says how to install what a command imports, where it is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise LocalError(
            f"The Python package {error.name} is missing. This command needs the embedded AWS: "
            "python -m pip install 'cloudfront-local[aws]'"
        ) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to 65535")
    return int(text)


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a Region, such as ap-southeast-2")
    return text
