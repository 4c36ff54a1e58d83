import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from stack.log_events import Event, Group, Reader, Source

SINCE = 1_700_000_000_000


def page(*events: tuple[int, str], token: str | None = None) -> str:
    """An answer of FilterLogEvents with lines `seconds` after SINCE. The id of an event is its text."""
    found = [{"eventId": text, "timestamp": SINCE + 1000 * seconds, "message": text} for seconds, text in events]
    return json.dumps({"events": found} | ({"nextToken": token} if token else {}))


def error(code: str) -> str:
    return json.dumps({"__type": code, "message": "no"})


@pytest.fixture
def quiet_server(misbehaving_server) -> Iterator[Any]:
    """Another Region's server, without lines."""
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
    """The start times of the requests, in seconds after SINCE."""
    return [(request.json["startTime"] - SINCE) / 1000 for request in server.requests]


def test_pages(misbehaving_server):
    """All pages are read, even after an empty one."""
    misbehaving_server.reply(200, page((1, "a"), token="2")).reply(200, page(token="3")).reply(200, page((2, "b")))
    assert group(misbehaving_server).read() == [
        Event(SINCE + 1000, Source("eu-west-1", "/aws/lambda/us-east-1.name", "Function"), "a"),
        Event(SINCE + 2000, Source("eu-west-1", "/aws/lambda/us-east-1.name", "Function"), "b"),
    ]
    assert [request.json.get("nextToken") for request in misbehaving_server.requests] == [None, "2", "3"]


def test_each_line_once(misbehaving_server):
    """A later read starts 15 s before the newest line, for late lines, and skips the lines that were read."""
    misbehaving_server.reply(200, page((1, "a"), (60, "b")))
    misbehaving_server.reply(200, page((50, "late"), (60, "b"), (60, "c")))
    misbehaving_server.reply(200, page((50, "late"), (60, "b"), (60, "c"), (90, "d")))
    misbehaving_server.reply(200, page((90, "d")))
    read = group(misbehaving_server)
    assert [texts(read.read()) for _ in range(4)] == [["a", "b"], ["late", "c"], ["d"], []]
    assert start_times(misbehaving_server) == [0, 45, 45, 75]


def test_missing_groups(misbehaving_server):
    """A missing group is not a failure. It is read again in every tenth round."""
    misbehaving_server.reply(400, error("ResourceNotFoundException")).reply(200, page((1, "a"))).reply(200, page())
    reader = Reader([group(misbehaving_server)])
    assert [texts(reader.read()) for _ in range(11)] == [[]] * 10 + [["a"]]
    assert len(misbehaving_server.requests) == 2


def test_failure_at_first(misbehaving_server, quiet_server):
    """A Region that fails in the first read is skipped from then on."""
    misbehaving_server.reply(400, error("UnrecognizedClientException"))
    reader = Reader([group(misbehaving_server), group(quiet_server, "us-east-1")])
    reader.read()
    reader.read()
    assert (list(reader.skipped), len(misbehaving_server.requests)) == (["eu-west-1"], 1)


def test_failure_later(misbehaving_server, quiet_server):
    """A Region that fails later is read again, and no line is lost."""
    misbehaving_server.reply(200, page((1, "a"))).reply(400, error("Oops")).reply(200, page((1, "a"), (2, "b")))
    reader = Reader([group(misbehaving_server), group(quiet_server, "us-east-1")])
    assert [texts(reader.read()) for _ in range(3)] == [["a"], [], ["b"]]
    assert reader.skipped == {}


def test_all_fail(misbehaving_server):
    """If all Regions fail in a read, the error is raised."""
    misbehaving_server.reply(200, page()).reply(200, page()).reply(400, error("ExpiredTokenException"))
    reader = Reader([group(misbehaving_server), group(misbehaving_server, "us-east-1")])
    reader.read()
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        reader.read()
