"""What the parse gate finds in a function's source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A place in a source that CloudFront's runtime refuses, or reads in another way than this tool (`is_warning`).

    `line` and `column` count from 1. `message` is the runtime's own text, or ours. `advice` says what to write instead.
    `is_size` says that the finding is about the size of the whole source.
    """

    file: str
    line: int
    column: int
    message: str
    advice: str = ""
    is_warning: bool = False
    is_size: bool = False

    def __str__(self) -> str:
        advice = f". {self.advice}" if self.advice else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{advice}"


class SyntaxRefused(Exception):  # noqa: N818 - an outcome, not a mistake of the caller
    """The runtime cannot run the source. `findings` has every reason, in the order of the source. `str()` has a line
    for each."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings
