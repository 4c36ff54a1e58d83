"""Reads from the files table where a file lives."""

import os
from functools import cache
from typing import Any, NotRequired, TypedDict

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Two attempts of up to 3 s, and a pause of up to 1 s between them, take 7 s. In template.yaml, Timeout must be longer.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class Location(TypedDict):
    """One copy of a file."""

    bucket: str
    region: str
    key: str


class File(TypedDict):
    """A file and its copies, at least one; the preferred copy is the first."""

    id: str
    locations: list[Location]
    content_type: NotRequired[str]


class UnavailableError(Exception):
    """DynamoDB refused the read or did not answer. The text says which."""


class MalformedRecordError(Exception):
    """The file's item in the table has no valid locations or content type."""


@cache
def client() -> Any:
    """The DynamoDB client. The first request creates it; later requests use the same one."""
    return boto3.client("dynamodb", config=CONFIG)


def find(file_id: str) -> File | None:
    """The file with the id `file_id`, or None if it is unknown or has no locations.

    The read is eventually consistent, at half the price. A stale read matters little: the router remembers answers for
    longer. Raises UnavailableError, MalformedRecordError.
    """
    table = os.environ["FILES_TABLE"]
    try:
        answer = client().get_item(TableName=table, Key={"id": {"S": file_id}})
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(str(error)) from error
    deserialize = TypeDeserializer().deserialize
    item = {name: deserialize(value) for name, value in answer.get("Item", {}).items()}
    return _file(item) if item.get("locations") else None


def _file(item: dict[str, Any]) -> File:
    try:
        file = File(id=item["id"], locations=[_location(location) for location in item["locations"]])
        if "content_type" in item:
            file["content_type"] = _text(item["content_type"])
    except (LookupError, TypeError) as error:
        raise MalformedRecordError(f"the item of the file {item['id']!r} is malformed") from error
    return file


def _location(location: dict[str, Any]) -> Location:
    return Location(bucket=_text(location["bucket"]), region=_text(location["region"]), key=_text(location["key"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where a string was expected")
    return value
