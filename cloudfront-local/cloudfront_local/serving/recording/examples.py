"""Replaces a stack's own ids and addresses by example values, as in the Developer Guide's events, and back.

A recorded event with example values can be published. It also works with any stack: `invoke` replaces the example
values by that stack's own before it calls the function.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.origin import Origin, S3Origin

DISTRIBUTION_ID = "EDFDVBD6EXAMPLE"
DOMAIN_NAME = "d111111abcdef8.cloudfront.net"

# The ids that AWS generates, in origins' domain names and in the values of origin custom headers.
_GENERATED = re.compile(r"^[a-z0-9]+(?=\.(?:lambda-url|execute-api)\.)|^[A-Za-z0-9-]+(?=(?:\.[a-z0-9-]+)?\.elb\.)")
_WEBSITE = re.compile(r"^[a-z0-9.-]+(?=\.s3-website[.-])")
_API = re.compile(r"(?<=^https://)[a-z0-9]+(?=\.execute-api\.)")
_CLIENT_ID = re.compile(r"^[A-Za-z0-9]{26}$")
_SECRET = re.compile(r"(?<=:secret:).+$")


class Examples:
    """One stack's values with their example values, for replacement in both directions. `pairs` has the examples by
    the real values."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._examples = pairs
        self._real = {example: real for real, example in pairs.items()}

    @classmethod
    def of(cls, deployed: DistributionConfig, served: DistributionConfig) -> Examples:
        """The examples of a distribution as it was deployed, and as its functions see it here: some AWS addresses lead
        to the embedded AWS (`aws.addresses`)."""
        return cls(dict(_pairs(deployed, served)))

    def example(self, value: Any) -> Any:
        """Returns a copy of a JSON value with example values in place of the stack's own."""
        return _replaced(value, self._examples)

    def real(self, value: Any) -> Any:
        """Returns a copy of a JSON value with the stack's own values in place of example values."""
        return _replaced(value, self._real)


def _pairs(deployed: DistributionConfig, served: DistributionConfig) -> Iterator[tuple[str, str]]:
    """Pairs of a value, as functions see it here, and its example. Different values have different examples."""
    yield served.domain_name, DOMAIN_NAME
    yield served.id, DISTRIBUTION_ID
    generated: dict[str, str] = {}
    for name, origin in deployed.origins.items():
        yield origin.domain_name, _domain_name(name, origin)
        seen = dict(served.origins[name].custom_headers)
        for header, value in origin.custom_headers:
            example = _value(value, generated)
            if example != seen[header]:
                yield seen[header], example


def _domain_name(origin_id: str, origin: Origin) -> str:
    if isinstance(origin, S3Origin):  # Amazon reserves bucket names that begin with amzn-s3-demo- for documentation.
        return f"amzn-s3-demo-{origin_id.lower()}{origin.domain_name.removeprefix(origin.bucket)}"
    name = _WEBSITE.sub(f"amzn-s3-demo-{origin_id.lower()}", origin.domain_name)
    return _GENERATED.sub(f"{origin_id.lower()}example", name)


def _value(value: str, generated: dict[str, str]) -> str:
    """A custom header's value with examples in place of generated ids.

    `generated` holds the examples by the ids seen so far: an id has the same example in every header.
    """

    def example(real: str, form: str) -> str:
        numbered = (form.format(number) for number in itertools.count(1))
        return generated.setdefault(real, next(text for text in numbered if text not in generated.values()))

    value = _API.sub(lambda found: example(found[0], "a1b2c3d4e{}"), value)
    value = _CLIENT_ID.sub(lambda found: example(found[0], "{}example23456789"), value)
    return _SECRET.sub(lambda found: example(found[0], "example{}-AbCdEf"), value)


def _replaced(value: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(value, str) and texts:
        found = re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))
        return found.sub(lambda match: texts[match[0]], value)
    if isinstance(value, list):
        return [_replaced(item, texts) for item in value]
    if isinstance(value, dict):
        return {name: _replaced(item, texts) for name, item in value.items()}
    return value
