"""Each handler gets each event of its type under events/, with every part missing in turn."""

import copy
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cloudfront_local.serving.recording.recorder import events, kept
from cloudfront_local.testing.plugin import Context

Keys = tuple[str | int, ...]
ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"


def parts(value: Any, *path: str | int) -> Iterator[Keys]:
    """The paths, which are keys and indexes, of all parts of a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from parts(inner, *path, key)


def without(event: Any, path: Keys) -> Any:
    """The event without the part at this path. A list in place of a part is emptied."""
    changed = copy.deepcopy(event)
    part = changed
    for key in path[:-1]:
        part = part[key]
    if isinstance(part, dict):
        del part[path[-1]]
    else:
        part.clear()
    return changed


def event_type(event: Any) -> str:
    """The event's type, such as viewer-request."""
    return str(event["Records"][0]["cf"]["config"]["eventType"])


def recorded(folder: Path) -> dict[str, Any]:
    """The events of a folder, by name. The examples of the event types have no results."""
    paths = events(folder) if folder.name == "types" else kept(folder)
    return {f"{folder.name}/{path.stem}": json.loads(path.read_text()) for path in paths}


# The folders with events of Lambda@Edge: those of CloudFront Functions have no Records.
FOLDERS = [
    folder
    for folder in sorted(EVENTS.iterdir())
    if recorded(folder) and all("Records" in event for event in recorded(folder).values())
]
# The functions that this repository has, each with the type of the events in its folder.
MODULES = {
    import_module(f"{folder.name}.handler"): event_type(next(iter(recorded(folder).values())))
    for folder in FOLDERS
    if (ROOT / "src" / folder.name / "handler.py").is_file()
}


def cases() -> list[Any]:
    """Each event with each handler of its type."""
    return [
        pytest.param(event, module, id=f"{name} to {module.__name__}")
        for folder in FOLDERS
        for name, event in recorded(folder).items()
        for module, expected in MODULES.items()
        if event_type(event) == expected
    ]


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sets credentials. The functions have no time left to call AWS, and remember nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    yield
    for each in [value for module in MODULES for value in vars(module).values() if hasattr(value, "cache_clear")]:
        each.cache_clear()


@pytest.mark.parametrize(("event", "module"), cases())
def test_missing_part(event: Any, module: ModuleType) -> None:
    """Without the part, the handler answers or names the missing part or setting. It never raises a bare KeyError."""
    wrong = {
        path: answer for path in parts(event) if (answer := wrong_answer(module.handler, without(event, path), path))
    }
    assert wrong == {}


def wrong_answer(handler: Any, event: Any, path: Keys) -> str:
    """The handler's wrong result or error; empty if it is a valid result or an error that names the part."""
    try:
        result = handler(event, Context(seconds=0.5))
    except ValueError as error:
        begins, _, named = str(error).partition(": no ")
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)[1:]
        either = f"{where.rpartition('.')[0]}.custom or .s3"
        right = named.startswith(where) or named in (f"value of the header {path[-3]}", either)
        return "" if begins == "not a CloudFront event" and right else str(error)
    except Exception as error:
        asks_for_a_setting = type(error).__name__ == "MisconfiguredError" and "set " in str(error)
        return "" if asks_for_a_setting else repr(error)
    return "" if "uri" in result or "status" in result else repr(result)
