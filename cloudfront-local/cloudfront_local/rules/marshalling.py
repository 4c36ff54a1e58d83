"""A function's result as CloudFront parses it: Lambda's runtime writes the result as JSON, and CloudFront reads it."""

from __future__ import annotations

import decimal
import json
from typing import Any, NoReturn


class NotSerializableError(Exception):
    """Lambda's runtime cannot write the value as JSON. The text says why, without the value."""


def marshalled(value: object) -> Any:
    """The value after Lambda's runtime wrote it as JSON and CloudFront parsed that.

    The runtime (awslambdaric) passes bytes on as they are: a handler may have written the JSON itself. Raises
    NotSerializableError, and ValueError or RecursionError if the text is not JSON: Python writes NaN, which JSON lacks.
    """
    return json.loads(value if isinstance(value, bytes) else _written(value), parse_constant=_refuse)


def _written(value: object) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, default=_default).encode()
    except Exception as error:  # a Python object of any class
        raise NotSerializableError(_reason(error)) from None


def _default(value: object) -> object:
    """Bytes and decimals as simplejson, which the runtime uses, writes them."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else json.loads(str(value))
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _reason(error: Exception) -> str:
    """The message of the exception, or else the name of its class."""
    if isinstance(error, UnicodeError):
        return "a string that is not UTF-8"
    return next((text for text in error.args if type(text) is str), type(error).__name__)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
