"""`--record` writes a function's events and results to files."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.cloudfront_functions import Ran
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source
from cloudfront_local.serving.recording.examples import Examples
from cloudfront_local.serving.recording.recorder import Recording, kept, recorded_invoke, recorded_run

ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop-Greeter-1A2B:7"
REQUEST = {
    "clientIp": "127.0.0.1",
    "method": "GET",
    "uri": "/page.html",
    "querystring": "",
    "headers": {"host": [{"key": "Host", "value": "d2x.cloudfront.net"}]},
}
EVENT = {"Records": [{"cf": {"config": {"eventType": "viewer-request", "requestId": "a"}, "request": REQUEST}}]}


class Recorded:
    """One function whose calls are recorded; the test sets the function's next result."""

    def __init__(self, folder: Path) -> None:
        behavior = CacheBehavior("*", "main", cache_policy=CachePolicy(0, 0, 0))
        config = DistributionConfig("E2QWRUHAPOMQZL", "arn", "d2x.cloudfront.net", "", (behavior,), {})
        self.folder = folder
        self.result: Any = None
        self._invoke = recorded_invoke(self._run, Recording(folder, Examples.of(config, config), ""), self._resolve)

    async def invoke(self, result: Any, uri: str = "/page.html") -> Any:
        """Calls the function with a request for this path; the function returns this result."""
        self.result = result
        cf = {**EVENT["Records"][0]["cf"], "request": {**REQUEST, "uri": uri}}
        return await self._invoke(ARN, {"Records": [{"cf": cf}]})

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.json"))

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())

    async def _run(self, _: str, __: Any) -> Any:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    async def _resolve(self, arn: str) -> Function:
        async def never(_: Path) -> Path:
            raise AssertionError

        artifact = Artifact(Source(self.folder), never)
        return Function(arn, "greeter.handler.handler", "python3.13", 5, 128, "role", artifact, "Greeter")


@pytest.fixture
def recording(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "events" / "of-today")


async def test_outcomes(recording: Recorded) -> None:
    """The function's folder gets one file for the event and one for the result, both named by the outcome."""
    response = {"status": "302", "headers": {"location": [{"key": "Location", "value": "https://d2x.cloudfront.net/"}]}}
    assert await recording.invoke(response) == response
    await recording.invoke(REQUEST)
    await recording.invoke({"status": "200", "headers": {"x-cache": [{"value": "Hit"}]}})
    await recording.invoke(None)
    with pytest.raises(FunctionFailed):
        await recording.invoke(FunctionFailed("error", "Greeter", "KeyError: 'a'"))
    assert recording.files() == [
        "greeter/302-1.json",
        "greeter/302-1.result.json",
        "greeter/failed-1.json",
        "greeter/refused-1.json",
        "greeter/refused-1.result.json",
        "greeter/refused-2.json",
        "greeter/refused-2.result.json",
        "greeter/request-1.json",
        "greeter/request-1.result.json",
    ]
    event = recording.read("greeter/302-1.json")["Records"][0]["cf"]
    assert (event["config"]["requestId"], event["request"]["clientIp"]) != ("a", "127.0.0.1")
    assert event["request"]["headers"]["host"][0]["value"] == "d111111abcdef8.cloudfront.net"
    result = recording.read("greeter/302-1.result.json")
    assert result["headers"]["location"][0]["value"] == "https://d111111abcdef8.cloudfront.net/"


async def test_once(recording: Recorded) -> None:
    """The same event with the same result is recorded once, even after its file was renamed; others are recorded."""
    await recording.invoke(REQUEST)
    for name in ("request-1.json", "request-1.result.json"):
        path = recording.folder / "greeter" / name
        path.rename(path.with_name(name.replace("request-1", "a-page")))
    await recording.invoke(REQUEST)
    await recording.invoke({**REQUEST, "uri": "/other.html"})
    await recording.invoke(REQUEST, uri="/other.html")
    assert [name for name in recording.files() if "result" not in name] == [
        "greeter/a-page.json",
        "greeter/request-1.json",
        "greeter/request-2.json",
    ]


async def test_kept(recording: Recorded) -> None:
    """Events that were renamed, with their results, are kept: not those that have the recording's names."""
    folder = recording.folder / "greeter"
    await recording.invoke(REQUEST)
    await recording.invoke({"status": "302", "headers": {}})
    with pytest.raises(FunctionFailed):
        await recording.invoke(FunctionFailed("error", "Greeter", "KeyError: 'a'"))
    assert kept(folder) == []
    (folder / "failed-1.json").rename(folder / "without-a-result.json")
    for name in ("302-1.json", "302-1.result.json"):
        (folder / name).rename(folder / name.replace("302-1", "page-2"))
    assert kept(folder) == [folder / "page-2.json"]


async def test_no_name_is_known(recording: Recorded) -> None:
    """A function that cannot be looked up fails as without a recorder, and nothing is recorded."""
    with pytest.raises(FunctionFailed):
        await recording.invoke(FunctionFailed("configuration", "Greeter", "cannot look up"))
    assert recording.files() == []


async def test_folder_is_gone(recording: Recorded, caplog: pytest.LogCaptureFixture) -> None:
    """If the file cannot be written, the viewer's request goes on, and the terminal says why nothing was recorded."""
    recording.folder.rmdir()
    recording.folder.write_text("")
    with caplog.at_level(logging.WARNING, "functions"):
        assert await recording.invoke(REQUEST) == REQUEST
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["Cannot record an event of greeter"]


def test_no_folder(tmp_path: Path) -> None:
    """A folder that cannot be made is an error at the start."""
    (tmp_path / "events").write_text("")
    with pytest.raises(
        LocalError, match=r"^Cannot record events in .*/events/today: Not a directory\. Name another folder"
    ):
        Recorded(tmp_path / "events" / "today")


async def test_cloudfront_function(tmp_path: Path) -> None:
    """The folder has the function's name without the stack's. Cookies, keys and the viewer's address are replaced."""
    behavior = CacheBehavior("*", "main", cache_policy=CachePolicy(0, 0, 0))
    config = DistributionConfig("E2QWRUHAPOMQZL", "arn", "d2x.cloudfront.net", "", (behavior,), {})
    values = {"value": "s1", "multiValue": [{"value": "s1"}, {"value": "s2"}]}
    request = {
        "method": "GET",
        "uri": "/blog/",
        "querystring": {"page": {"value": "1"}, "api-key": values},
        "headers": {
            "host": {"value": "d2x.cloudfront.net"},
            "authorization": {"value": "Bearer s1", "multiValue": [{"value": "Bearer s1"}, {"value": "Bearer s2"}]},
        },
        "cookies": {"id": {"value": "s1"}},
    }
    context = {"distributionId": "E2QWRUHAPOMQZL", "eventType": "viewer-request", "requestId": "a"}
    event = {"version": "1.0", "context": context, "viewer": {"ip": "127.0.0.1"}, "request": request}
    answers = [Ran(request), Ran({"statusCode": 302, "headers": {}}), Ran(error="TypeError"), Ran({"statusCode": "x"})]

    async def run(_: str, __: Any, ___: str | None) -> Ran:
        return answers.pop(0)

    recording = Recording(tmp_path, Examples.of(config, config), "")
    for _ in range(4):
        await recorded_run(run, recording, "shop")("arn:aws:cloudfront::1:function/shop-rewrite", event, None)
    assert sorted(path.name for path in (tmp_path / "rewrite").iterdir()) == [
        "302-1.json",
        "302-1.result.json",
        "failed-1.json",
        "refused-1.json",
        "refused-1.result.json",
        "request-1.json",
        "request-1.result.json",
    ]
    written = json.loads((tmp_path / "rewrite" / "request-1.json").read_text())
    example = {"value": "example", "multiValue": [{"value": "example"}, {"value": "example"}]}
    bearer = {"value": "Bearer example"}
    assert written["viewer"] == {"ip": "203.0.113.178"}
    assert written["request"] == {
        **request,
        "querystring": {"page": {"value": "1"}, "api-key": example},
        "headers": {
            "host": {"value": "d111111abcdef8.cloudfront.net"},
            "authorization": {**bearer, "multiValue": [bearer, bearer]},
        },
        "cookies": {"id": {"value": "example"}},
    }
