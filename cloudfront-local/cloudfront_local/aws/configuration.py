"""Reads parts of a deployed distribution's configuration: its lists, and the policies that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from botocore.exceptions import ClientError

T = TypeVar("T")


class ConfigurationError(Exception):
    """The distribution cannot be served here. The text names the part that is not emulated and what to use instead."""


def found(operation: Callable[..., Any], item_id: str) -> Any:
    """Reads a policy or an origin access control that the distribution names. Raises ConfigurationError."""
    try:
        return operation(Id=item_id)
    except ClientError as error:
        raise ConfigurationError(
            f"The distribution names {item_id}, and the embedded AWS cannot read it: {error}. Correct the id."
        ) from error


def accepted(read: Callable[[Any], T], part: Any, where: str = "") -> T:
    """What `read` makes of a part of the configuration. Raises ConfigurationError if CloudFront refuses the part."""
    try:
        return read(part)
    except ValueError as error:
        raise ConfigurationError(f"{where}{error}") from error


def items(config: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = config.get(name, {}).get("Items", [])
    return items
