"""The text in the terminal once the distribution is served: addresses, commands to try, differences from CloudFront."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cloudfront_local.aws import left_out
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.config import DistributionConfig


def text(
    urls: Sequence[str],
    endpoint: Endpoint,
    stack: Deployment,
    distribution: DistributionConfig,
    substitutes: Mapping[str, Sequence[str]],
    to_try: Sequence[str],
) -> str:
    """Returns the whole text.

    `urls` are the distribution's addresses, first for HTTP, then for HTTPS if it is served. `to_try` are the lines that
    the project's seed command printed. `substitutes` has interpreters of this machine (`Python 3.11.4`), and the
    runtimes of the distribution's functions that they run although they are others (`python3.13`).
    """
    parts = [
        _addresses(urls, endpoint, distribution),
        _to_try(to_try),
        _differences(stack, distribution, substitutes, has_https=len(urls) > 1),
    ]
    return "\n".join("\n".join([*part, ""]) for part in map(list, parts) if part)


def _addresses(urls: Sequence[str], endpoint: Endpoint, distribution: DistributionConfig) -> Iterator[str]:
    width = max(map(len, [*urls, endpoint.url])) + 3
    yield ""
    for url in urls:
        yield f"  {url + '/':{width}}the distribution {distribution.id}"
    yield f"  {endpoint.url:{width}}the embedded AWS (for the AWS CLI: . .aws-sam/local/aws.env)"


def _to_try(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "Try:"
    for line in lines:
        yield f"  {line}"


def _differences(
    stack: Deployment, distribution: DistributionConfig, substitutes: Mapping[str, Sequence[str]], *, has_https: bool
) -> Iterator[str]:
    if has_https:
        yield "HTTPS is HTTP/1.1 over TLS here. HTTP/2 and HTTP/3 are not served."
    else:
        yield "A viewer's plain HTTP counts as HTTPS here. `--https` serves both."
    for interpreter, runtimes in substitutes.items():
        yield f"Edge functions run on {interpreter} here, and on {', '.join(runtimes)} on AWS."
    served, *others = stack.distributions
    if others:
        yield f"Only the stack's distribution {served} is served here. Not served: {', '.join(others)}."
    for resource in left_out.lines(stack.left_out):
        yield f"Not deployed: {resource}."
    for warning in distribution.warnings:
        yield f"Warning: {warning}."
    for part in distribution.not_emulated:
        yield f"Not emulated: {part}."
    yield "Press Ctrl-C to stop."
