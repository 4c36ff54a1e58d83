"""What a call of a function gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionError:
    """An error that ended a call. `line` and `column` count from 1. They are 0 for an error without a place."""

    message: str
    """The error's type and text, as CloudFront shows them: `TypeError: cannot get property "b" of undefined`."""
    file: str
    line: int = 0
    column: int = 0
    stack: str = ""
    """The calls that led to the error, one in a line."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class OriginChoice:
    """The origin that a helper of the module `cloudfront` chose: the helper's name and arguments, unchecked."""

    helper: str
    parameters: Any
    origin_id: str = ""


@dataclass(frozen=True)
class Outcome:
    """The result of a call, or the error that ended it."""

    result: Any = None
    """What the function returned, as parsed JSON. None if `error` is set, and if the function returned null."""
    error: FunctionError | None = None
    logs: tuple[str, ...] = ()
    """The texts of console.log, of 10 KB together at most."""
    utilization: int = 0
    """An estimate of CloudFront's compute utilization, from 0 to 100."""
    origin: OriginChoice | None = None
    custom_log: str = ""
    """The last text for cf.logCustomData."""
    returned: str = "object"
    """JavaScript's type of the result: "object", "undefined", "null", "string", ..."""

    def to_fields(self) -> dict[str, Any]:
        """The outcome as JSON's types. The result stays as it is: it may be nested deeply."""
        return {
            **vars(self),
            "error": vars(self.error) if self.error else None,
            "origin": vars(self.origin) if self.origin else None,
        }

    @staticmethod
    def from_fields(fields: dict[str, Any]) -> Outcome:
        error = FunctionError(**fields["error"]) if fields["error"] else None
        origin = OriginChoice(**fields["origin"]) if fields["origin"] else None
        return Outcome(**fields | {"error": error, "origin": origin, "logs": tuple(fields["logs"])})
