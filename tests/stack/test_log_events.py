import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from stack.log_events import Event, Group, Reader, Source

SINCE = 1_700_000_000_000


def page(*events: tuple[int, str], token: str | None = None) -> str:
    """An answer of FilterLogEvents: lines `seconds` after SINCE. An event's id is its text's, here."""
    found = [{"eventId": text, "timestamp": SINCE + 1000 * seconds, "message": text} for seconds, text in events]
    return json.dumps({"events": found} | ({"nextToken": token} if token else {}))


def error(code: str) -> str:
    return json.dumps({"__type": code, "message": "no"})


@pytest.fixture
def quiet_server(misbehaving_server) -> Iterator[Any]:
    """Another Region's, where nothing is logged."""
    server = type(misbehaving_server)().reply(200, page())
    yield server
    server.close()


def group(server: Any, region: str = "eu-west-1") -> Group:
    logs = boto3.client(
        "logs",
        region_name=region,
        endpoint_url=server.url,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
    )
    return Group(logs, Source(region, "/aws/lambda/us-east-1.name", "Function"), SINCE)


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events]


def start_times(server) -> list[int]:
    """How many seconds after SINCE each request asked for."""
    return [(request.json["startTime"] - SINCE) / 1000 for request in server.requests]


def test_pages(misbehaving_server):
    """All pages are read, empty ones on the way included."""
    misbehaving_server.reply(200, page((1, "a"), token="2")).reply(200, page(token="3")).reply(200, page((2, "b")))
    assert group(misbehaving_server).read() == [
        Event(SINCE + 1000, Source("eu-west-1", "/aws/lambda/us-east-1.name", "Function"), "a"),
        Event(SINCE + 2000, Source("eu-west-1", "/aws/lambda/us-east-1.name", "Function"), "b"),
    ]
    assert [request.json.get("nextToken") for request in misbehaving_server.requests] == [None, "2", "3"]


def test_each_line_once(misbehaving_server):
    """A later look begins 15 s before the youngest line, for late ones, and passes over those that were read."""
    misbehaving_server.reply(200, page((1, "a"), (60, "b")))
    misbehaving_server.reply(200, page((50, "late"), (60, "b"), (60, "c")))
    misbehaving_server.reply(200, page((50, "late"), (60, "b"), (60, "c"), (90, "d")))
    misbehaving_server.reply(200, page((90, "d")))
    read = group(misbehaving_server)
    assert [texts(read.read()) for _ in range(4)] == [["a", "b"], ["late", "c"], ["d"], []]
    assert start_times(misbehaving_server) == [0, 45, 45, 75]


def test_missing_groups(misbehaving_server):
    """A group that is not there is no failure; it is asked for in each tenth look."""
    misbehaving_server.reply(400, error("ResourceNotFoundException")).reply(200, page((1, "a"))).reply(200, page())
    reader = Reader([group(misbehaving_server)])
    assert [texts(reader.read()) for _ in range(11)] == [[]] * 10 + [["a"]]
    assert len(misbehaving_server.requests) == 2


def test_failure_at_first(misbehaving_server, quiet_server):
    """A Region that fails at the first look is left out from then on."""
    misbehaving_server.reply(400, error("UnrecognizedClientException"))
    reader = Reader([group(misbehaving_server), group(quiet_server, "us-east-1")])
    reader.read()
    reader.read()
    assert (list(reader.skipped), len(misbehaving_server.requests)) == (["eu-west-1"], 1)


def test_failure_later(misbehaving_server, quiet_server):
    """A Region that fails at a later look is asked again, and nothing is lost."""
    misbehaving_server.reply(200, page((1, "a"))).reply(400, error("Oops")).reply(200, page((1, "a"), (2, "b")))
    reader = Reader([group(misbehaving_server), group(quiet_server, "us-east-1")])
    assert [texts(reader.read()) for _ in range(3)] == [["a"], [], ["b"]]
    assert reader.skipped == {}


def test_all_fail(misbehaving_server):
    """Where every Region fails, the failure is raised, at any look."""
    misbehaving_server.reply(200, page()).reply(200, page()).reply(400, error("ExpiredTokenException"))
    reader = Reader([group(misbehaving_server), group(misbehaving_server, "us-east-1")])
    reader.read()
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        reader.read()
