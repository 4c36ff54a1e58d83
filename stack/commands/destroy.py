"""`destroy`: deletes a stack whose functions CloudFront has replicated around the world."""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stack import buckets, cloudformation, discovery, distributions, durations, replicas
from stack.errors import StackError
from stack.progress import waiting

if TYPE_CHECKING:
    from stack.target import Stack

NAME = "destroy"
HELP = "delete the stack, as soon as its functions have no replicas"
PLACE = 7

NOT_TOUCHED = ("the functions' log groups in each Region", "the bucket to which sam uploads packages", "DNS records")


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments. Sets `run` to a function that takes the parsed options and the stack."""
    parser.description = (
        "Asks for a confirmation, disables the distribution, removes the functions from it, waits for CloudFront, and "
        "deletes the stack. It does not delete objects without --empty-buckets, resources that the template retains, "
        "logs, or other stacks."
    )
    parser.add_argument("--yes", action="store_true", help="do not ask for a confirmation")
    parser.add_argument(
        "--empty-buckets", action="store_true", help="delete all objects in the stack's buckets permanently"
    )
    parser.add_argument(
        "--wait",
        type=durations.seconds,
        default="30m",
        metavar="TIME",
        help="how long to retry while functions still have replicas (default: 30m)",
    )
    parser.set_defaults(run=_destroy)


def _destroy(options: argparse.Namespace, stack: Stack) -> None:
    if stack.is_local:
        raise StackError(
            "`destroy` is for stacks on AWS. To end the stack of `make local`, press Ctrl-C in its terminal: nothing "
            "of it remains."
        )
    found = stack.find()
    if found is None:
        print(f"There is no stack {stack.name} in {stack.region}: nothing to delete.", file=sys.stderr)
        return
    attached: list[distributions.Distribution] = []
    full: list[str] = []
    if found["StackStatus"] != "DELETE_IN_PROGRESS":
        attached, full = _obstacles(stack, found, may_empty=options.empty_buckets)
        print("\n".join(_plan(stack, attached, full)), file=sys.stderr)
        if not options.yes:
            _confirm(stack)
    try:
        _detach(stack, attached)
        _empty(stack, full)
        _delete(stack, found["StackId"], options.wait)
    except KeyboardInterrupt:
        print(f"\nStopped waiting. To continue, run {stack.command} destroy", file=sys.stderr)
        raise


def _obstacles(
    stack: Stack, found: Mapping[str, Any], *, may_empty: bool
) -> tuple[list[distributions.Distribution], list[str]]:
    """The causes that would make CloudFormation's deletion fail: distributions with functions, buckets with objects.

    Raises StackError for a cause that this command cannot or may not remove.
    """
    if found.get("EnableTerminationProtection"):
        raise StackError(f"The stack {stack.name} is protected from deletion. Turn its termination protection off.")
    if found["StackStatus"].endswith("_IN_PROGRESS") and found["StackStatus"] != "REVIEW_IN_PROGRESS":
        raise StackError(
            f"Another operation on the stack {stack.name} is in progress ({found['StackStatus']}). Wait until it ends."
        )
    full = _full_buckets(stack)
    if full and not may_empty:
        raise StackError(
            f"There are objects in {', '.join(full)}, and CloudFormation deletes only empty buckets. Nothing was "
            "changed. To delete the objects permanently as well, add --empty-buckets."
        )
    return [each for each in distributions.of(stack) if not (each.detached and each.deployed)], full


def _full_buckets(stack: Stack) -> list[str]:
    s3 = stack.client("s3")
    kept = cloudformation.retained(stack.client("cloudformation"), stack.name)
    return [
        bucket
        for logical_id, bucket in stack.resources("AWS::S3::Bucket").items()
        if logical_id not in kept and buckets.holds_objects(s3, bucket)
    ]


def _plan(stack: Stack, attached: Sequence[distributions.Distribution], full: Iterable[str]) -> Iterator[str]:
    yield f"The deletion of the stack {stack.name} in {stack.region} has these steps:"
    for distribution in attached:
        yield f"- {distribution.id} is disabled and serves nothing; its functions are removed (5 to 15 minutes)"
    for bucket in full:
        yield f"- all objects in the bucket {bucket} are deleted permanently"
    yield "- CloudFormation deletes all resources that it can"
    if stack.resources("AWS::Lambda::Function"):
        yield "- edge functions are deleted after CloudFront has removed their replicas, which may take hours"
    if kept := cloudformation.retained(stack.client("cloudformation"), stack.name):
        yield f"- these resources remain, because the template retains them: {', '.join(kept)}"
    yield _not_touched()


def _not_touched() -> str:
    *some, last = *NOT_TOUCHED, *discovery.not_destroyed()
    return textwrap.fill(f"This command never deletes {', '.join(some)}, and {last}.", 120)


def _confirm(stack: Stack) -> None:
    print(f"Type the stack's name to continue ({stack.name}): ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != stack.name:
        raise StackError("That is not the stack's name. Nothing was changed. To skip this question, add --yes.")


def _detach(stack: Stack, attached: Iterable[distributions.Distribution]) -> None:
    cloudfront = stack.client("cloudfront")
    for distribution in attached:
        if not distribution.detached:
            distributions.detach(cloudfront, distribution)
        with waiting(f"Removing the functions from {distribution.id} ...") as say:
            distributions.await_deployed(cloudfront, distribution.id, say, "removing the functions from")
        print(f"{distribution.id} is disabled and has no functions any more.", file=sys.stderr)


def _empty(stack: Stack, full: Iterable[str]) -> None:
    for bucket in full:
        buckets.empty(stack.client("s3"), bucket)
        print(f"Emptied {bucket}.", file=sys.stderr)


def _delete(stack: Stack, stack_id: str, patience: int) -> None:
    client = stack.client("cloudformation")
    deadline = time.monotonic() + patience
    with waiting(f"Deleting {stack.name} ...") as say:
        while not _deleted(client, stack_id, say):
            failed = cloudformation.failed(client, stack_id, "DELETE")
            others = [str(resource) for resource in failed if not replicas.replicated(resource)]
            if others or not failed:
                raise StackError("\n  ".join([f"CloudFormation could not delete all of {stack.name}:", *others]))
            if left := replicas.delete(stack.client("lambda"), failed, deadline, say):
                _print_kept(client, stack_id)
                raise StackError(_to_do(stack, left))
    print(f"The stack {stack.name} is deleted.", file=sys.stderr)
    _print_kept(client, stack_id)


def _print_kept(client: Any, stack_id: str) -> None:
    for resource in cloudformation.kept(client, stack_id):
        print(f"The template retains {resource.logical_id} ({resource.type} {resource.physical_id}).")


def _deleted(client: Any, stack_id: str, say: Callable[[str], None]) -> bool:
    client.delete_stack(StackName=stack_id)
    return cloudformation.await_end(client, stack_id, say) == "DELETE_COMPLETE"


def _to_do(stack: Stack, left: Sequence[cloudformation.Resource]) -> str:
    return (
        f"The stack {stack.name} is deleted except for {replicas.names(left)} and the resources that these depend on, "
        "because CloudFront has not removed their replicas yet. They serve nothing and cost nothing. Run this again in "
        f"an hour, or tomorrow: {stack.command} destroy"
    )
