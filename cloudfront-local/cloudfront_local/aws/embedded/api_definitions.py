"""APIs whose OpenAPI definition is a file in S3 (SAM's `DefinitionUri`). ministack reads definitions in the template
only. ministack's own Python runs this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties


def in_s3(known: Handler, read: Callable[[str, str], bytes | None]) -> Handler:
    """ministack's handler of APIs, which gets the file's content as `Body`. `read(bucket, key)` returns an object."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        made: Made = known["create"](logical_id, with_body(properties), stack_name)
        return made

    def update(physical_id: str, old: Properties, new: Properties, *others: str) -> Made:
        made: Made = known["update"](physical_id, with_body(old), with_body(new), *others)
        return made

    def with_body(properties: Properties) -> Properties:
        location = properties.get("BodyS3Location")
        if not isinstance(location, dict):
            return properties
        content = read(location.get("Bucket", ""), location.get("Key", ""))
        if content is None:
            raise ValueError("Unable to get the object of BodyS3Location from S3.")
        return {**properties, "Body": _parsed(content)}

    return {**known, "create": create, "update": update}


def _parsed(content: bytes) -> Any:
    import yaml  # type: ignore[import-untyped] # JSON is YAML, too

    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise ValueError(f"The file of BodyS3Location is neither YAML nor JSON: {error}") from None
