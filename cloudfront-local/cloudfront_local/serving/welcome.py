"""The text in the terminal once the distribution is served: addresses, commands to try, differences from CloudFront."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cloudfront_local.aws import left_out
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.config import DistributionConfig


@dataclass(frozen=True)
class Address:
    """Where a distribution is served: `urls` are its addresses, first for HTTP, then for HTTPS if it is served."""

    logical_id: str
    config: DistributionConfig
    urls: Sequence[str]


def text(
    addresses: Sequence[Address],
    endpoint: Endpoint,
    stack: Deployment,
    substitutes: Mapping[str, Sequence[str]],
    to_try: Sequence[str],
) -> str:
    """Returns the whole text.

    `to_try` are the lines that the project's seed command printed. `substitutes` has interpreters of this machine
    (`Python 3.11.4`), and the runtimes of the distribution's functions that they run although they are others
    (`python3.13`).
    """
    parts = [
        _addresses(addresses, endpoint),
        _undistributed(addresses),
        _to_try(to_try),
        _differences(stack, addresses, substitutes),
    ]
    return "\n".join("\n".join([*part, ""]) for part in map(list, parts) if part)


def _addresses(addresses: Sequence[Address], endpoint: Endpoint) -> Iterator[str]:
    width = max(len(url) for url in [*(url for each in addresses for url in each.urls), endpoint.url]) + 3
    yield ""
    for each in addresses:
        name = (
            each.config.id
            if len(addresses) == 1
            else f"{each.logical_id} ({', '.join([each.config.id, *each.config.aliases])})"
        )
        for url in each.urls:
            yield f"  {url + '/':{width}}the distribution {name}"
    yield f"  {endpoint.url:{width}}the embedded AWS (for the AWS CLI: . .aws-sam/local/aws.env)"


def _undistributed(addresses: Sequence[Address]) -> Iterator[str]:
    if not addresses:
        yield "The template has no AWS::CloudFront::Distribution, so there is nothing to serve. To call a function of"
        yield "Lambda@Edge as CloudFront would: cloudfront-local invoke FUNCTION -e EVENT"


def _to_try(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "Try:"
    for line in lines:
        yield f"  {line}"


def _protocols(address: Address) -> str:
    if len(address.urls) > 1:
        return "HTTPS is HTTP/1.1 over TLS here. HTTP/2 and HTTP/3 are not served."
    return "A viewer's plain HTTP counts as HTTPS here. `--https` serves both."


def _differences(
    stack: Deployment, addresses: Sequence[Address], substitutes: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    yield from (_protocols(each) for each in addresses[:1])
    for interpreter, runtimes in substitutes.items():
        yield f"Edge functions run on {interpreter} here, and on {', '.join(runtimes)} on AWS."
    for resource in left_out.lines(stack.left_out):
        yield f"Not deployed: {resource}."
    for each in addresses:
        where = "" if len(addresses) == 1 else f"{each.logical_id}: "
        for warning in each.config.warnings:
            yield f"Warning: {where}{warning}."
        for part in each.config.not_emulated:
            yield f"Not emulated: {where}{part}."
    yield "Press Ctrl-C to stop."
