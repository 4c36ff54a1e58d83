"""The command `cloudfront-local`: serves, calls, checks and lints a SAM project's CloudFront distribution.

cloudfront-local [serve] [--template T ...] [--port N] [--edge-region R] [--record DIR] [--parameter-overrides N=V ...]
                         [--pass-through] [--viewer-country C] [--viewer-device D] [--keep]
cloudfront-local invoke FUNCTION -e EVENT [--container]
cloudfront-local invalidate PATH ...
cloudfront-local explain URL
cloudfront-local requests [--follow]
cloudfront-local check EVENT RESULT
cloudfront-local lint [TEMPLATE ...] [--format F] [--plan P] [--explain [RULE]]
cloudfront-local rules
cloudfront-local install
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from cloudfront_local import options
from cloudfront_local.errors import LocalError, aws_extra
from cloudfront_local.rules.facts import PLANS

COMMANDS = ("serve", "invoke", "invalidate", "explain", "requests", "check", "lint", "rules", "install")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns its exit status: 0 or 1, or 130 after Ctrl-C. A LocalError is printed on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] not in ("-h", "--help", *COMMANDS):
        arguments = ["serve", *arguments]
    try:
        settings = options.settings(arguments) if arguments[0] == "serve" else {}
        chosen = _parser(settings).parse_args(arguments)
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # Who read the output has seen enough, such as `head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would write what is left at its end.
        return 0
    return status


def _parser(settings: Mapping[str, Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "cloudfront-local", description="Runs a SAM project's CloudFront distribution on this machine."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving = commands.add_parser(
        "serve",
        parents=[options.template()],
        help="deploy a SAM template on this machine and serve its distribution (the default command)",
    )
    options.add(serving, settings)
    serving.set_defaults(run=_serve)
    invoking = commands.add_parser("invoke", help="call a function of the running stack once")
    invoking.add_argument(
        "function",
        metavar="FUNCTION",
        help="the function's logical id, or its package: authorizer for the handler authorizer.handler.handler; of a "
        "CloudFront Function also its name, or its file *.js, which needs no running stack",
    )
    invoking.add_argument(
        "-e", "--event", required=True, metavar="EVENT", help="a file with the event; - reads standard input"
    )
    invoking.add_argument(
        "--container", action="store_true", help="run the function in SAM's container, as `sam local invoke` does"
    )
    invoking.set_defaults(run=_invoke)
    invalidating = commands.add_parser("invalidate", help="remove objects from the running distribution's cache")
    invalidating.add_argument(
        "paths", nargs="+", metavar="PATH", help="a path, such as /index.html; with * at its end, all that begin so"
    )
    invalidating.add_argument(
        "--distribution", default="", metavar="NAME", help="the distribution's logical id (default: the first's)"
    )
    invalidating.set_defaults(run=_invalidate)
    explaining = commands.add_parser("explain", help="say what the running distribution would do with a URL")
    explaining.add_argument("url", metavar="URL", help="a path, or an address of the distribution")
    explaining.set_defaults(run=_explain)
    listing = commands.add_parser("requests", help="list the last requests to the running distribution")
    listing.add_argument("--follow", action="store_true", help="also print those that come, until Ctrl-C")
    listing.set_defaults(run=_requests)
    checking = commands.add_parser("check", help="check a function's result against CloudFront's rules")
    checking.add_argument("event", metavar="EVENT", help="a file with the event that the function was called with")
    checking.add_argument("result", metavar="RESULT", help="a file with the function's result; - reads standard input")
    checking.set_defaults(run=_check)
    linting = commands.add_parser(
        "lint", help="report what CloudFront and Lambda@Edge refuse in a template, and cfn-lint's errors"
    )
    linting.add_argument(
        "templates",
        nargs="*",
        type=Path,
        default=[Path("template.yaml")],
        metavar="TEMPLATE",
        help="a template to lint (default: template.yaml)",
    )
    linting.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="the form of the findings (default: text)",
    )
    linting.add_argument(
        "--plan",
        choices=PLANS,
        help="the flat-rate plan of the distributions (default: the Plan in the template's Metadata, else none)",
    )
    linting.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="RULE",
        help="lint nothing: explain a rule, such as E9013, or list all rules as a Markdown table",
    )
    linting.set_defaults(run=_lint)
    commands.add_parser("rules", help="print the rules for the results of functions").set_defaults(run=_rules)
    commands.add_parser(
        "install", help="install the embedded AWS and sam now, and print the folder of the command sam"
    ).set_defaults(run=_install)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    # Before the imports, which take a while: a signal ends the command at any time, with status 0.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    with _embedded_aws():
        from cloudfront_local.distribution.viewer_headers.viewer import Viewer
        from cloudfront_local.serving import serve

    return serve.main(
        serve.Options(
            options.templates(chosen),
            chosen.port,
            chosen.aws_port,
            chosen.edge_region,
            chosen.record,
            chosen.parameter_overrides,
            chosen.pass_through,
            Viewer(chosen.viewer_country, chosen.viewer_device),
            chosen.https_port if chosen.https else None,
            chosen.access_log,
            chosen.distribution,
            chosen.debug,
            chosen.window_port if chosen.window else None,
            chosen.keep,
        )
    )


def _invoke(chosen: argparse.Namespace) -> int:
    with _embedded_aws():
        from cloudfront_local import invoke

    return invoke.main(chosen.function, chosen.event, container=chosen.container)


def _invalidate(chosen: argparse.Namespace) -> int:
    with _embedded_aws():
        from cloudfront_local import invalidate

    return invalidate.main(chosen.paths, chosen.distribution)


def _explain(chosen: argparse.Namespace) -> int:
    with _embedded_aws():
        from cloudfront_local import explain

    return explain.main(chosen.url)


def _requests(chosen: argparse.Namespace) -> int:
    with _embedded_aws():
        from cloudfront_local import show_requests

    return show_requests.main(follow=chosen.follow)


def _check(chosen: argparse.Namespace) -> int:
    from cloudfront_local import check

    return check.main(chosen.event, chosen.result)


def _lint(chosen: argparse.Namespace) -> int:
    from cloudfront_local.lint import explain
    from cloudfront_local.lint.report import report

    if chosen.explain is not None:
        print(explain.explanation(chosen.explain) if chosen.explain else explain.table())
        return 0
    for template in chosen.templates:
        if not template.is_file():
            raise LocalError(f"There is no template {template}. Name its path, or run the command in its folder.")
    text, refused = report(chosen.templates, chosen.format, chosen.plan)
    if text:
        print(text)
    return 1 if refused else 0


def _rules(_: argparse.Namespace) -> int:
    from cloudfront_local.rules.table import table

    print(table(), end="")
    return 0


def _install(_: argparse.Namespace) -> int:
    from cloudfront_local.aws import installation

    print(Path(asyncio.run(installation.python())).parent)
    return 0


def _embedded_aws() -> AbstractContextManager[None]:
    return aws_extra("This command needs the embedded AWS")
