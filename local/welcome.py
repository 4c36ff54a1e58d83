"""What `make local` prints once it serves: where, what to try, and how it differs from CloudFront."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence

from local.aws import demo
from local.aws.deployment import Deployment
from local.aws.endpoint import ROOT_KEYS, Endpoint
from local.cloudfront.config import DistributionConfig


def text(
    url: str, endpoint: Endpoint, stack: Deployment, distribution: DistributionConfig, runtimes: Sequence[str]
) -> str:
    """`url` is the distribution's, `runtimes` are those that its functions ask for."""
    parts = [
        _addresses(url, endpoint, distribution),
        _to_try(url) if demo.has_user(stack) else (),
        _differences(stack, distribution, runtimes),
    ]
    return "\n".join("\n".join([*part, ""]) for part in map(list, parts) if part)


def _addresses(url: str, endpoint: Endpoint, distribution: DistributionConfig) -> Iterator[str]:
    width = max(len(url), len(endpoint.url)) + 3
    yield ""
    yield f"  {url + '/':{width}}the distribution {distribution.id}"
    yield f"  {endpoint.url:{width}}its AWS, for keys {' and '.join(ROOT_KEYS)}"


def _to_try(url: str) -> Iterator[str]:
    login = f"-u {demo.USER}:{demo.PASSWORD}"
    yield "Try:"
    yield f"  curl -i {url}/    # 401: nobody enters without a password"
    yield f"  curl -i {login} {url}/    # 200: the page in the bucket"
    yield f"  curl -si {login} {url}/ | grep -i x-cache    # Hit or RefreshHit: now it is in the cache"


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
