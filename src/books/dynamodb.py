"""Calls to the books' DynamoDB table, with plain Python values on this side of them."""

import logging
import os
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, cast

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from books.problem import Problem

logger = logging.getLogger(__name__)

Item = dict[str, Any]

# Two attempts and the pause between them, 1 s at most, end within 7 s: the function's Timeout must be longer.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class ConditionFailedError(Exception):
    """A conditional write was not done. `stored` is the item as it is, empty when there is none."""

    def __init__(self, stored: Item) -> None:
        super().__init__("the condition of a write did not hold")
        self.stored = stored


@cache
def client() -> Any:
    """The DynamoDB client, made by the first request that needs it and kept."""
    return boto3.client("dynamodb", config=CONFIG)


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    """One call on the table that BOOKS_TABLE names, retried once.

    Raises ConditionFailedError, and Problem 503 for every other refusal or silence; the log has the cause.
    """
    table = os.environ["BOOKS_TABLE"]
    try:
        answer: dict[str, Any] = getattr(client(), operation)(TableName=table, **parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            # The stored item comes with it when the call asks for it; boto3's types do not know that.
            refusal = cast(dict[str, Any], error.response)
            raise ConditionFailedError(unmarshalled(refusal.get("Item", {}))) from error
        raise _unavailable(operation, error) from error
    except BotoCoreError as error:
        raise _unavailable(operation, error) from error
    return answer


def _unavailable(operation: str, error: Exception) -> Problem:
    logger.error("DynamoDB %s: %s", operation, error)
    return Problem(503, "The books are out of reach for the moment. Try again.", headers={"retry-after": "1"})


def marshalled(item: Mapping[str, object]) -> dict[str, Any]:
    """Python values as DynamoDB's typed ones."""
    serializer = TypeSerializer()
    return {name: serializer.serialize(value) for name, value in item.items()}


def unmarshalled(item: Mapping[str, Any]) -> Item:
    """DynamoDB's typed values as str, int and bytes."""
    deserializer = TypeDeserializer()
    return {name: _plain(deserializer.deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    # What is neither a number nor a string is boto3's wrapper of bytes.
    return value if isinstance(value, str) else bytes(value)
