"""The files under events/: what each is, and that CloudFront takes its result."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.check import check
from cloudfront_local.rules import facts
from cloudfront_local.serving.recording.recorder import kept, result_of
from cloudfront_local.serving.recording.stable import stable
from stack.demo.user import LOGIN
from tests.events.record import EVENTS, FUNCTIONS, VISITS, wanted
from tests.events.visit import table

TYPES = EVENTS / "types"
FOLDERS = sorted(path for path in EVENTS.iterdir() if path.is_dir() and path != TYPES)
RECORDED = [event for folder in FOLDERS for event in kept(folder)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_table(function: str) -> None:
    """A function's table lists the visits that the recording goes by."""
    written = (EVENTS / function / "README.md").read_text()
    assert written == table(function, VISITS), f"Run `make events FUNCTION={function}`, which writes the table anew."


def test_every_visit_has_its_event() -> None:
    """Each request of a table has made a file. There may be further files, of requests that a person has made."""
    recorded = {str(path.relative_to(EVENTS).with_suffix("")) for path in RECORDED}
    assert {visit.name for visit in VISITS} - recorded == set(), "Run `make events`, which records them."


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_result(path: Path) -> None:
    """CloudFront takes the result, as `cloudfront-local check` does."""
    assert check(json.loads(path.read_text()), result_of(path).read_text()) == []


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_stable(path: Path) -> None:
    """Nothing in an event or in its result differs from one recording to the next, or is a secret."""
    for each in (path, result_of(path)):
        recorded = json.loads(each.read_text())
        assert stable(recorded, LOGIN) == recorded


@pytest.mark.parametrize("event_type", facts.EVENT_TYPES)
def test_example_of_a_type(event_type: str) -> None:
    """The example of an event type is one, and a function may return what it was given."""
    event = json.loads((TYPES / f"{event_type}.json").read_text())
    assert event["Records"][0]["cf"]["config"]["eventType"] == event_type
    returned = event["Records"][0]["cf"]["response" if event_type in facts.RESPONSE_EVENTS else "request"]
    assert check(event, json.dumps(returned)) == []


def test_every_field_is_explained() -> None:
    """Each field that the examples have is in the README."""
    explained = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\s]+)`", (EVENTS / "README.md").read_text()))))
    for event_type in facts.EVENT_TYPES:
        event = json.loads((TYPES / f"{event_type}.json").read_text())
        assert set(_fields(event["Records"][0]["cf"])) - explained == set()


def _fields(value: Any) -> list[str]:
    """The names in an object and in those inside, but for names of headers."""
    if not isinstance(value, dict):
        return []
    inside = [item for name, item in value.items() if name not in ("headers", "customHeaders")]
    return [*value, *(name for item in inside for name in _fields(item))]


def test_recorded_is_what_is_asked_for(tmp_path: Path) -> None:
    """With functions, their events and no others; without, the events that have no file yet."""
    function = VISITS[-1].function
    assert {visit.function for visit in wanted([function], EVENTS)} == {function}
    assert wanted([], EVENTS) == []
    assert wanted([], tmp_path) == list(VISITS)
    with pytest.raises(ValueError, match=r"^No events are recorded of nobody\. They are of: "):
        wanted(["nobody"], EVENTS)
