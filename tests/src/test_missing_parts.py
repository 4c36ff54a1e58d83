"""Every event under events/, with every part missing in turn, given to each handler of its type."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import authorizer.handler
import redirect.handler
import router.handler
import security_headers.handler
import signer.handler
from local.recording.recorder import events
from local.testing import Context
from signer.settings import MisconfiguredError

Keys = tuple[str | int, ...]
EVENTS = Path(__file__).parents[2] / "events"
HANDLERS = {
    "viewer-request": (authorizer.handler.handler, redirect.handler.handler),
    "origin-request": (router.handler.handler, signer.handler.handler),
    "origin-response": (security_headers.handler.handler,),
    "viewer-response": (),
}


def parts(value: Any, *path: str | int) -> Iterator[Keys]:
    """Where the parts of a value are: the keys and indexes that lead to each."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from parts(inner, *path, key)


def without(event: Any, path: Keys) -> Any:
    """The event without that key, or with nothing in that list."""
    changed = copy.deepcopy(event)
    part = changed
    for key in path[:-1]:
        part = part[key]
    if isinstance(part, dict):
        del part[path[-1]]
    else:
        part.clear()
    return changed


def cases() -> list[Any]:
    """Each event with each handler of its type."""
    found: list[Any] = []
    for path in [path for folder in sorted(EVENTS.iterdir()) if folder.is_dir() for path in events(folder)]:
        event = json.loads(path.read_text())
        name = f"{path.parent.name}/{path.stem}"
        handlers = HANDLERS[event["Records"][0]["cf"]["config"]["eventType"]]
        found += [pytest.param(event, handler, id=f"{name} to {handler.__module__}") for handler in handlers]
    return found


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The functions have credentials, but nobody to ask: no time is left for that."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    yield
    authorizer.handler.verifier.cache_clear()
    router.handler.files.cache_clear()


@pytest.mark.parametrize(("event", "handler"), cases())
def test_missing_part(event: Any, handler: Any) -> None:
    """The handler does without the part, or says that the part or the setting is missing: never a bare KeyError."""
    wrong = {path: answer for path in parts(event) if (answer := wrong_answer(handler, without(event, path), path))}
    assert wrong == {}


def wrong_answer(handler: Any, event: Any, path: Keys) -> str:
    """What the handler makes of the event, unless that is a result or an error that names the missing part."""
    try:
        result = handler(event, Context(seconds=0.5))
    except MisconfiguredError as error:
        return "" if "set " in str(error) else str(error)
    except ValueError as error:
        begins, _, named = str(error).partition(": no ")
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)[1:]
        either = f"{where.rpartition('.')[0]}.custom or .s3"
        right = named.startswith(where) or named in (f"value of the header {path[-3]}", either)
        return "" if begins == "not a CloudFront event" and right else str(error)
    except Exception as error:
        return repr(error)
    return "" if "uri" in result or "status" in result else repr(result)
