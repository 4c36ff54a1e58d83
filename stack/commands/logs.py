"""`logs`: shows the logs of the edge functions from all Regions.

A function logs in the Region that ran it, near the visitor, in the group `/aws/lambda/us-east-1.<name>`. If CloudFront
rejects the function's result, it logs the reason in the same Region, in `/aws/cloudfront/LambdaEdge/<distribution>`.
The logs of a function with a log group of its own (LoggingConfig) are not shown.
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
HELP = "show the logs of the edge functions from all Regions"
PLACE = 6

FUNCTION_HELP = "a function's logical id in template.yaml (default: all functions, and CloudFront)"

# The pause between two reads of all Regions with --follow.
PAUSE_SECONDS = 2


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Shows the logs of the edge functions from all Regions in order of time, and CloudFront's errors about the "
        "functions' results. It does not show access logs, or functions with log groups of their own (LoggingConfig)."
    )
    parser.add_argument("function", nargs="?", help=FUNCTION_HELP)
    parser.add_argument("--follow", action="store_true", help="wait for new lines until Ctrl-C")
    parser.add_argument(
        "--since",
        type=durations.seconds,
        default="10m",
        metavar="TIME",
        help="how far back to start: 90s, 2h, 1d (default: 10m)",
    )
    parser.set_defaults(run=_logs)


def _logs(options: argparse.Namespace, stack: Stack) -> None:
    if stack.is_local:
        raise StackError("`logs` is for stacks on AWS. `make local` prints the logs of its functions in its terminal.")
    groups = _log_groups(stack, options.function)
    regions, disabled = _regions(stack)
    since = int((time.time() - options.since) * 1000)
    clients = {region: stack.client("logs", region) for region in regions}
    reader = Reader(
        Group(clients[region], Source(region, group, label), since)
        for region in regions
        for group, label in groups.items()
    )
    with waiting(f"Reading the logs in {len(regions)} Regions ..."):
        events = reader.read()
    _print_skipped(disabled, reader)
    _print_events(events)
    if options.follow:
        _follow(reader)
    elif not events:
        print(
            "Nothing was logged in that time. New lines appear after some seconds; for older lines, use --since.",
            file=sys.stderr,
        )


def _follow(reader: Reader) -> None:
    try:
        while True:
            time.sleep(PAUSE_SECONDS)
            _print_events(reader.read())
    except KeyboardInterrupt:
        return  # the normal end of --follow


def _print_events(events: list[Event]) -> None:
    for event in events:
        moment = (
            datetime.fromtimestamp(event.time / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )
        print(f"{moment} {event.source.region:14} {event.source.label}: {event.text}")
    sys.stdout.flush()


def _log_groups(stack: Stack, chosen: str | None) -> dict[str, str]:
    """The names of the log groups to read in each Region, each with its label."""
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
            f"{chosen} is not an edge function, so its logs are only in {stack.region}. To see them, run `sam logs "
            f"--name {chosen} --stack-name {stack.name} --region {stack.region}`."
        )
    raise StackError(
        f"{stack.name} has no edge function {chosen}. Its edge functions: {', '.join(functions.values()) or 'none'}."
    )


def _edge_functions(stack: Stack, found: list[distributions.Distribution]) -> dict[str, str]:
    """The names of the functions that are associated with the stack's distributions, each with its logical id."""
    logical_ids = {physical_id: name for name, physical_id in stack.resources("AWS::Lambda::Function").items()}
    arns = (arns for distribution in found for _, arns in distributions.functions(distribution.config))
    names = (function_name(arn) for arn in itertools.chain.from_iterable(arns))
    return {name: logical_ids.get(name, name) for name in names}


def _group(function: str) -> str:
    return f"/aws/lambda/{EDGE_REGION}.{function}"


def _regions(stack: Stack) -> tuple[list[str], list[str]]:
    """The Regions that are enabled in the account, and the Regions that are not."""
    regions = stack.client("ec2").describe_regions(AllRegions=True)["Regions"]
    statuses = sorted((region["RegionName"], region["OptInStatus"]) for region in regions)
    disabled = [name for name, status in statuses if status == "not-opted-in"]
    return [name for name, _ in statuses if name not in disabled], disabled


def _print_skipped(disabled: list[str], reader: Reader) -> None:
    if disabled:
        print(f"Skipped these Regions, which the account has not enabled: {', '.join(disabled)}.", file=sys.stderr)
    for region, error in reader.skipped.items():
        print(f"Skipped {region}: {error}", file=sys.stderr)
