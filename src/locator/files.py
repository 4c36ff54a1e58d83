"""Where files live, as the files table says."""

import os
from functools import cache
from typing import Any, NotRequired, TypedDict

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Two attempts and the pause between them, 1 s at most, end within 7 s: the function's Timeout must be longer.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class Location(TypedDict):
    """One copy of a file."""

    bucket: str
    region: str
    key: str


class File(TypedDict):
    """A file and its copies, at least one, the preferred first."""

    id: str
    locations: list[Location]
    content_type: NotRequired[str]


class UnavailableError(Exception):
    """DynamoDB refused or did not answer; the text says which."""


class MalformedRecordError(Exception):
    """The table's item of a file does not say where the file is."""


@cache
def client() -> Any:
    """The DynamoDB client, made by the first request that needs it and kept."""
    return boto3.client("dynamodb", config=CONFIG)


def find(file_id: str) -> File | None:
    """The file `file_id`, None when it is unknown or lives nowhere.

    Read with eventual consistency, at half the price: the router remembers answers for longer anyway. Raises
    UnavailableError, MalformedRecordError.
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
