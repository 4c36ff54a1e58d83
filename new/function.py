"""The function that is to be made, and its texts."""

from __future__ import annotations

import importlib.util
import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

TEXT = Path(__file__).with_name("text")
# Each event type, and what an invocation is paid for.
EVENTS = {
    "viewer-request": "An invocation for each request, before the cache is asked.",
    "origin-request": "An invocation for each request that the cache cannot answer.",
    "origin-response": "An invocation for each answer of the origin.",
    "viewer-response": "An invocation for each answer, also from the cache.",
}
# A package's name, short enough for the role's name: IAM cuts those at 64 characters.
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 24


class NewError(Exception):
    """Why nothing was made. The text says what was wrong and what to do."""


@dataclass(frozen=True)
class Function:
    """An edge function by its package under src/, and its event type."""

    name: str
    event: str

    @property
    def id(self) -> str:
        """The beginning of its logical ids, such as `Geo` for GeoFunction and GeoRole."""
        return self.name.title().replace("_", "")

    @property
    def kind(self) -> str:
        """What the function is given and returns: `request` or `response`."""
        return self.event.partition("-")[2]

    def text(self, name: str, **more: str) -> str:
        """A file of new/text with this function's names in it."""
        return Template((TEXT / f"{name}.txt").read_text(encoding="utf-8")).substitute(
            name=self.name,
            Title=self.name.replace("_", " ").capitalize(),
            Id=self.id,
            event=self.event,
            Event=self.event.replace("-", " ").capitalize(),
            read=self.event.replace("-", "_"),
            kind=self.kind,
            Kind=self.kind.capitalize(),
            unpacked="_, request" if self.kind == "request" else "_, _, response",
            runs=EVENTS[self.event],
            **more,
        )


def wanted(name: str, event: str) -> Function:
    """The function of this name for this event type. Raises NewError for a name or an event that cannot be."""
    if event not in EVENTS:
        raise NewError(f"There is no event type {event!r}. There are: {', '.join(EVENTS)}.")
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise NewError(
            f"{name!r} cannot name a function. Use lower-case letters, digits and underscores, such as geo or "
            f"show_country, at most {LONGEST} characters."
        )
    if Path("src", name).exists():
        raise NewError(f"There is a src/{name} already. Choose another name, or remove the folder.")
    if keyword.iskeyword(name) or importlib.util.find_spec(name):
        raise NewError(f"{name!r} means something else in Python, which src/{name} would hide. Choose another name.")
    return Function(name, event)
