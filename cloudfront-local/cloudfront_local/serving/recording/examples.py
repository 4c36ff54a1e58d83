"""Example values for what differs from stack to stack, as the Developer Guide's own events have them.

An event with examples in place of real ids can be shown to anybody, and given to a function of any stack: the example
ids stand for the stack's own then.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.origin import Origin, S3Origin

DISTRIBUTION_ID = "EDFDVBD6EXAMPLE"
DOMAIN_NAME = "d111111abcdef8.cloudfront.net"

# What AWS makes up inside the addresses of an origin and of its custom headers.
_FUNCTION_URL = re.compile(r"^[a-z0-9]+(?=\.lambda-url\.)")
_API = re.compile(r"(?<=^https://)[a-z0-9]+(?=\.execute-api\.)")
_CLIENT_ID = re.compile(r"^[A-Za-z0-9]{26}$")
_SECRET = re.compile(r"(?<=:secret:).+$")


class Examples:
    """One stack's values and the examples that stand for them, in both directions.

    `deployed` is the distribution as it was deployed, `served` as its functions see it here (`aws.addresses`).
    """

    def __init__(self, deployed: DistributionConfig, served: DistributionConfig) -> None:
        pairs = dict(_pairs(deployed, served))
        self._examples = pairs
        self._real = {example: real for real, example in pairs.items()}

    def example(self, value: Any) -> Any:
        """A JSON value with examples in place of the stack's own values. The value itself is left as it is."""
        return _replaced(value, self._examples)

    def real(self, value: Any) -> Any:
        """The other way round."""
        return _replaced(value, self._real)


def _pairs(deployed: DistributionConfig, served: DistributionConfig) -> Iterator[tuple[str, str]]:
    """Real values, as functions see them here, with their examples; no example twice."""
    yield served.domain_name, DOMAIN_NAME
    yield served.id, DISTRIBUTION_ID
    made_up: dict[str, str] = {}
    for name, origin in deployed.origins.items():
        yield origin.domain_name, _domain_name(name, origin)
        seen = dict(served.origins[name].custom_headers)
        for header, value in origin.custom_headers:
            example = _value(value, made_up)
            if example != seen[header]:
                yield seen[header], example


def _domain_name(origin_id: str, origin: Origin) -> str:
    if isinstance(origin, S3Origin):  # Amazon keeps bucket names that begin so for documentation
        return f"amzn-s3-demo-{origin_id.lower()}{origin.domain_name.removeprefix(origin.bucket)}"
    return _FUNCTION_URL.sub(f"{origin_id.lower()}example", origin.domain_name)


def _value(value: str, made_up: dict[str, str]) -> str:
    """A custom header's value with examples for what AWS made up, the same for the same in all of them."""

    def example(real: str, form: str) -> str:
        numbered = (form.format(number) for number in itertools.count(1))
        return made_up.setdefault(real, next(text for text in numbered if text not in made_up.values()))

    value = _API.sub(lambda found: example(found[0], "a1b2c3d4e{}"), value)
    value = _CLIENT_ID.sub(lambda found: example(found[0], "{}example23456789"), value)
    return _SECRET.sub(lambda found: example(found[0], "example{}-AbCdEf"), value)


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        found = re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))
        return found.sub(lambda match: texts[match[0]], value)
    if isinstance(value, list):
        return [_replaced(item, texts) for item in value]
    if isinstance(value, dict):
        return {name: _replaced(item, texts) for name, item in value.items()}
    return value
