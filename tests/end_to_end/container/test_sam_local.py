"""`sam local invoke` with the recorded events, in AWS's own runtime: alone, and against the running stack."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.serving.recording.recorder import result_of
from cloudfront_local.serving.recording.stable import stable
from stack.demo.user import LOGIN
from tests.end_to_end.conftest import Project
from tests.events.record import EVENTS, VISITS

pytestmark = pytest.mark.container

SAM = str(Path(sys.executable).with_name("sam"))
# SAM runs functions of Lambda@Edge. CloudFront Functions, whose events have no Records, never run in a container.
AT_LAMBDA_EDGE = [visit for visit in VISITS if "Records" in json.loads((EVENTS / f"{visit.name}.json").read_text())]
ASKING = [visit.name for visit in AT_LAMBDA_EDGE if visit.asks_aws]
INVOKED = [*ASKING, *(visit.name for visit in AT_LAMBDA_EDGE[-1:])]  # one that asks nobody, too


def logical_id(name: str) -> str:
    """The name in the template of the function of an event: `SecurityHeadersFunction` for `security_headers/...`."""
    return name.partition("/")[0].title().replace("_", "") + "Function"


def recorded(name: str) -> Any:
    return json.loads(result_of(EVENTS / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def built(engine, tmp_path_factory: pytest.TempPathFactory) -> Project:  # noqa: ARG001 - nothing to build for without
    """A copy of the repository after `sam build`, signed in with keys that no AWS takes."""
    project = Project(tmp_path_factory.mktemp("built"))
    project.environment |= {
        "SAM_CLI_TELEMETRY": "0",
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLE",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",  # which sam itself asks who it is
        "AWS_MAX_ATTEMPTS": "1",
    }
    result = project.run(SAM, "build")
    assert result.returncode == 0, result.stderr
    return project


@pytest.mark.parametrize("name", [visit.name for visit in AT_LAMBDA_EDGE])
def test_without_aws(built: Project, name: str) -> None:
    """The recorded result; or where that takes AWS, the documented 503, and not Lambda's timeout."""
    result = built.run(
        SAM, "local", "invoke", logical_id(name), "-e", str(EVENTS / f"{name}.json"), "--skip-pull-image"
    )
    assert result.stdout, result.stderr
    if name in ASKING:
        answer = json.loads(result.stdout)
        assert (answer["status"], answer["headers"]["retry-after"][0]["value"]) == ("503", "5"), result.stderr
    else:
        assert stable(json.loads(result.stdout), LOGIN) == recorded(name)


@pytest.mark.parametrize("name", INVOKED)
def test_make_invoke(engine, running_stack, name: str) -> None:  # noqa: ARG001 - skips without an engine
    """With the AWS of the running stack and the role's own credentials: the recorded result, and the function's log."""
    command = ("make", "invoke", f"FUNCTION={logical_id(name)}", f"EVENT={EVENTS / name}.json")
    result = running_stack.project.run(*command)
    assert result.returncode == 0, result.stderr
    assert stable(json.loads(result.stdout), LOGIN) == recorded(name)
    assert "REPORT RequestId: " in result.stderr


@pytest.mark.parametrize("function", [logical_id(visit.name) for visit in AT_LAMBDA_EDGE[:1]])
def test_failing_function(engine, running_stack, function: str) -> None:  # noqa: ARG001 - skips without an engine
    """What the function raises in the container, although SAM calls that a success."""
    event = EVENTS / "types" / "viewer-response.json"
    result = running_stack.project.run("make", "invoke", f"FUNCTION={function}", f"EVENT={event}")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"{function}: ValueError: the event's type is viewer-response, but this function is for " in result.stderr
