"""What the terminal shows once the distribution is served: where, what to try, and how it differs from CloudFront."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence

from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.endpoint import ROOT_KEYS, Endpoint
from cloudfront_local.distribution.config import DistributionConfig


def text(
    url: str,
    endpoint: Endpoint,
    stack: Deployment,
    distribution: DistributionConfig,
    runtimes: Sequence[str],
    to_try: Sequence[str],
) -> str:
    """`url` is the distribution's, `runtimes` are those that its functions ask for, `to_try` lines of the project."""
    parts = [
        _addresses(url, endpoint, distribution),
        _to_try(to_try),
        _differences(stack, distribution, runtimes),
    ]
    return "\n".join("\n".join([*part, ""]) for part in map(list, parts) if part)


def _addresses(url: str, endpoint: Endpoint, distribution: DistributionConfig) -> Iterator[str]:
    width = max(len(url), len(endpoint.url)) + 3
    yield ""
    yield f"  {url + '/':{width}}the distribution {distribution.id}"
    yield f"  {endpoint.url:{width}}its AWS, for keys {' and '.join(ROOT_KEYS)}"


def _to_try(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "Try:"
    for line in lines:
        yield f"  {line}"


def _differences(stack: Deployment, distribution: DistributionConfig, runtimes: Sequence[str]) -> Iterator[str]:
    yield "Plain HTTP counts as the viewer's HTTPS here."
    if runtimes:
        yield f"Edge functions run on this Python {platform.python_version()}; on AWS, on {', '.join(runtimes)}."
    served, *others = stack.distributions
    if others:
        yield f"Of the stack's distributions, {served} is served, and not {', '.join(others)}."
    for what in distribution.not_emulated:
        yield f"Not emulated: {what}."
    yield "Ctrl-C ends it all."
