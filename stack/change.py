"""Changes the functions of a distribution that exists: shows the change, asks, updates, and waits."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stack import attachments, distributions
from stack.attachments import Attachment, Config
from stack.distributions import Distribution
from stack.errors import StackError
from stack.progress import waiting

if TYPE_CHECKING:
    from stack.target import Stack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that name a function and a behavior."""
    parser.add_argument(
        "--distribution", type=_id, required=True, metavar="ID", help="the distribution, such as E2QWRUHAPOMQZL"
    )
    parser.add_argument(
        "--path", required=True, metavar="PATTERN", help="the behavior's path pattern, such as '/app/*'"
    )
    parser.add_argument("--function", required=True, metavar="NAME", help="the logical id, such as MyFunction")
    parser.add_argument("--yes", action="store_true", help="do not ask for a confirmation")


def _id(text: str) -> str:
    if not re.fullmatch("E[A-Z0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no distribution's id, such as E2QWRUHAPOMQZL")
    return text


def function(stack: Stack, name: str, headers: Mapping[str, str]) -> Attachment:
    """The function to attach or to detach, by its logical id. `headers` replace its settings.

    Raises StackError.
    """
    outputs = stack.outputs()
    if arn := stack.resources("AWS::CloudFront::Function").get(name):
        raise StackError(
            f"{name} is a CloudFront Function, and `attach` and `detach` are for functions of Lambda@Edge. Associate "
            f"{arn} with the behavior in CloudFront's console, or in the template of the distribution."
        )
    return attachments.read(outputs, name, headers)


def found(stack: Stack, distribution_id: str) -> Distribution:
    """The distribution to change. Raises StackError if there is none, or if it belongs to the stack itself."""
    if distribution_id in stack.resources("AWS::CloudFront::Distribution").values():
        raise StackError(
            f"{distribution_id} belongs to the stack {stack.name}. Its functions are in template.yaml: change them "
            "there, because the next deployment undoes other changes."
        )
    distribution = distributions.read(stack.client("cloudfront"), distribution_id)
    if distribution is None:
        raise StackError(
            f"There is no distribution {distribution_id} in this account. `aws cloudfront list-distributions` has the "
            "ids; check AWS_PROFILE, too."
        )
    return distribution


def make(stack: Stack, distribution: Distribution, after: Config, *, yes: bool) -> None:
    """Gives a distribution this configuration, and waits until all edge locations have it. Raises StackError."""
    cloudfront = stack.client("cloudfront")
    changes = list(attachments.differences(distribution.config, after))
    if changes:
        print("\n".join([f"The configuration of {distribution.id} changes:", *changes]), file=sys.stderr)
        if not yes:
            _confirm(distribution.id)
        _update(cloudfront, distribution, after)
    else:
        print(f"The configuration of {distribution.id} is that already: nothing to change.", file=sys.stderr)
    try:
        with waiting(f"CloudFront is deploying {distribution.id} ...") as say:
            distributions.await_deployed(
                cloudfront, distribution.id, say, "deploying the change to the edge locations of"
            )
    except KeyboardInterrupt:
        print("\nStopped waiting. CloudFront goes on with the deployment.", file=sys.stderr)
        raise
    print(f"All edge locations have this configuration of {distribution.id}.", file=sys.stderr)


def _confirm(distribution_id: str) -> None:
    print(f"Type the distribution's id to continue ({distribution_id}): ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != distribution_id:
        raise StackError("That is not the distribution's id. Nothing was changed. To skip this question, add --yes.")


def _update(cloudfront: Any, distribution: Distribution, after: Config) -> None:
    try:
        cloudfront.update_distribution(Id=distribution.id, IfMatch=distribution.etag, DistributionConfig=after)
    except cloudfront.exceptions.PreconditionFailed:
        # The SDK repeats an update whose answer was lost. The second is refused, because the first was made.
        now = distributions.read(cloudfront, distribution.id)
        if now is None or any(attachments.differences(now.config, after)):
            raise StackError(
                f"Somebody has changed {distribution.id} in the meantime, so this change was not made. Run the command "
                "again: it shows the change to the new configuration."
            ) from None
