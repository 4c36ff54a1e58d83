"""What edge functions log, wherever in the world they ran: `logs`.

A function's lines are in the Region that ran it, near the visitor, in the group `/aws/lambda/us-east-1.<name>`. What
CloudFront found wrong with its result is beside it, in `/aws/cloudfront/LambdaEdge/<distribution>`. A function that is
given a group of its own (LoggingConfig) is not found here.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cloudfront_local.distribution.failure import function_name
from stack import distributions, durations
from stack.errors import StackError
from stack.log_events import Event, Group, Reader, Source
from stack.progress import waiting
from stack.target import EDGE_REGION

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "logs"
HELP = "show what the edge functions log, wherever they run"
PLACE = 6

FUNCTION_HELP = "its logical id in template.yaml (all functions, and CloudFront)"

# Between two looks at all Regions while following.
PAUSE_SECONDS = 2


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Sets `run` to a function of the parsed options and the stack."""
    parser.description = (
        "Shows what edge functions logged in all Regions, in order of time, and what CloudFront found wrong with their "
        "results. It shows no access logs, and no function that has a log group of its own (LoggingConfig)."
    )
    parser.add_argument("function", nargs="?", help=FUNCTION_HELP)
    parser.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    parser.add_argument(
        "--since",
        type=durations.seconds,
        default="10m",
        metavar="TIME",
        help="how far back to begin: 90s, 2h, 1d (10m)",
    )
    parser.set_defaults(run=_logs)


def _logs(options: argparse.Namespace, stack: Stack) -> None:
    if stack.url:
        raise StackError("`make local` prints what its functions log in its own terminal.")
    groups = _log_groups(stack, options.function)
    regions, disabled = _regions(stack)
    since = int((time.time() - options.since) * 1000)
    clients = {region: stack.client("logs", region) for region in regions}
    reader = Reader(
        Group(clients[region], Source(region, group, label), since)
        for region in regions
        for group, label in groups.items()
    )
    with waiting(f"Looking into {len(regions)} Regions ..."):
        events = reader.read()
    _print_skipped(disabled, reader)
    _print_events(events)
    if options.follow:
        _follow(reader)
    elif not events:
        print(
            "Nothing was logged since then. Lines take seconds to come; go further back with --since.", file=sys.stderr
        )


def _follow(reader: Reader) -> None:
    try:
        while True:
            time.sleep(PAUSE_SECONDS)
            _print_events(reader.read())
    except KeyboardInterrupt:
        return  # That is how it ends.


def _print_events(events: list[Event]) -> None:
    for event in events:
        moment = (
            datetime.fromtimestamp(event.time / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )
        print(f"{moment} {event.source.region:14} {event.source.label}: {event.text}")
    sys.stdout.flush()


def _log_groups(stack: Stack, chosen: str | None) -> dict[str, str]:
    """Labels by the names of the log groups to look for in each Region."""
    found = distributions.of(stack)
    functions = _edge_functions(stack, found)
    if chosen is None:
        groups = {f"/aws/cloudfront/LambdaEdge/{distribution.id}": "CloudFront" for distribution in found}
        return groups | {_group(name): label for name, label in functions.items()}
    for name, label in functions.items():
        if chosen in (name, label):
            return {_group(name): label}
    if chosen in stack.resources("AWS::Lambda::Function"):
        raise StackError(
            f"{chosen} is no edge function: its logs are in {stack.region} alone. See them with `sam logs --name "
            f"{chosen} --stack-name {stack.name} --region {stack.region}`."
        )
    raise StackError(
        f"{chosen} runs on no distribution of {stack.name}. These do: {', '.join(functions.values()) or 'none'}."
    )


def _edge_functions(stack: Stack, found: list[distributions.Distribution]) -> dict[str, str]:
    """Logical ids by the names of the functions that are associated with the stack's distributions."""
    logical_ids = {physical_id: name for name, physical_id in stack.resources("AWS::Lambda::Function").items()}
    arns = (arns for distribution in found for _, arns in distributions.functions(distribution.config))
    names = (function_name(arn) for arn in itertools.chain.from_iterable(arns))
    return {name: logical_ids.get(name, name) for name in names}


def _group(function: str) -> str:
    return f"/aws/lambda/{EDGE_REGION}.{function}"


def _regions(stack: Stack) -> tuple[list[str], list[str]]:
    """The Regions that the account has enabled, and the others."""
    regions = stack.client("ec2").describe_regions(AllRegions=True)["Regions"]
    statuses = sorted((region["RegionName"], region["OptInStatus"]) for region in regions)
    disabled = [name for name, status in statuses if status == "not-opted-in"]
    return [name for name, _ in statuses if name not in disabled], disabled


def _print_skipped(disabled: list[str], reader: Reader) -> None:
    if disabled:
        print(f"Not enabled in this account, hence skipped: {', '.join(disabled)}.", file=sys.stderr)
    for region, error in reader.skipped.items():
        print(f"Skipped {region}: {error}", file=sys.stderr)
