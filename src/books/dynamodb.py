"""Calls to the books' DynamoDB table, and conversion between Python's and DynamoDB's values."""

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

# Two attempts of up to 3 s, and a pause of up to 1 s between them, take 7 s. In template.yaml, Timeout must be longer.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


class ConditionFailedError(Exception):
    """DynamoDB refused a conditional write. `stored` is the item in the table, empty if there is none."""

    def __init__(self, stored: Item) -> None:
        super().__init__("the condition of a write did not hold")
        self.stored = stored


@cache
def client() -> Any:
    """The DynamoDB client. The first request creates it; later requests use the same one."""
    return boto3.client("dynamodb", config=CONFIG)


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    """The result of an operation on the table that BOOKS_TABLE names. The call is retried once.

    Raises ConditionFailedError, and Problem 503 for every other error; the log has the cause.
    """
    table = os.environ["BOOKS_TABLE"]
    try:
        answer: dict[str, Any] = getattr(client(), operation)(TableName=table, **parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            # With ReturnValuesOnConditionCheckFailure the error has the stored item, which boto3's types lack.
            refusal = cast(dict[str, Any], error.response)
            raise ConditionFailedError(unmarshalled(refusal.get("Item", {}))) from error
        raise _unavailable(operation, error) from error
    except BotoCoreError as error:
        raise _unavailable(operation, error) from error
    return answer


def _unavailable(operation: str, error: Exception) -> Problem:
    logger.error("DynamoDB %s: %s", operation, error)
    return Problem(503, "The books table does not answer. Try again.", headers={"retry-after": "1"})


def marshalled(item: Mapping[str, object]) -> dict[str, Any]:
    """An item of Python values as an item of DynamoDB's typed values."""
    serializer = TypeSerializer()
    return {name: serializer.serialize(value) for name, value in item.items()}


def unmarshalled(item: Mapping[str, Any]) -> Item:
    """An item of DynamoDB's typed values as an item of str, int and bytes."""
    deserializer = TypeDeserializer()
    return {name: _plain(deserializer.deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    # A value that is neither a number nor a string is boto3's wrapper of bytes.
    return value if isinstance(value, str) else bytes(value)
