import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
MINUTE = 60_000


# Of those that ministack knows, to be quick.
REGIONS = {
    "af-south-1": "not-opted-in",
    "ap-southeast-2": "opt-in-not-required",
    "eu-west-1": "opt-in-not-required",
    "eu-west-2": "opted-in",
    "me-south-1": "not-opted-in",
    "us-east-1": "opt-in-not-required",
}


@pytest.fixture(autouse=True)
def regions(proxy) -> None:
    items = "".join(
        f"<item><regionName>{name}</regionName><optInStatus>{status}</optInStatus></item>"
        for name, status in reversed(REGIONS.items())
    )
    body = f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>".encode()
    proxy.instead.append(lambda request: (200, {}, body) if request.action == "DescribeRegions" else None)


@pytest.fixture
def now() -> int:
    """The time in milliseconds since the epoch."""
    return int(time.time() * 1000)


@pytest.fixture
def log(aws):
    """Logs lines, (milliseconds since the epoch, text), as a function in a Region does, or CloudFront about one."""

    def log(region: str, writer: str, *lines: tuple[int, str]) -> None:
        logs = aws.client("logs", region)
        if writer == "CloudFront":
            group = f"/aws/cloudfront/LambdaEdge/{aws.distribution}"
        else:
            group = f"/aws/lambda/us-east-1.{aws.physical_ids[writer]}"
        stream = f"2026/11/22/[1]{os.urandom(8).hex()}"
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": moment, "message": text} for moment, text in lines]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    return log


def stamp(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def test_all(stack, log, now):
    """The lines of all edge functions and of CloudFront, from all Regions, are in order of time."""
    log("ap-southeast-2", "AuthorizerFunction", (now - 9000, "first\n"), (now - 6000, '{"decision": "refused"}\n'))
    log("eu-west-1", "AuthorizerFunction", (now - 8000, "second\n"))
    log("eu-west-1", "CloudFront", (now - 7000, "(4Ty) ERROR Validation error: headerName : connection."))
    log("us-east-1", "SignerFunction", (now - 5000, "Traceback\n  File\n"))
    status, stdout, stderr = stack("logs")
    assert (status, stdout) == (
        0,
        f"{stamp(now - 9000)} ap-southeast-2 AuthorizerFunction: first\n"
        f"{stamp(now - 8000)} eu-west-1      AuthorizerFunction: second\n"
        f"{stamp(now - 7000)} eu-west-1      CloudFront: (4Ty) ERROR Validation error: headerName : connection.\n"
        f'{stamp(now - 6000)} ap-southeast-2 AuthorizerFunction: {{"decision": "refused"}}\n'
        f"{stamp(now - 5000)} us-east-1      SignerFunction: Traceback\n  File\n",
    )
    assert stderr == (
        "Reading the logs in 4 Regions ...\n"
        "Skipped these Regions, which the account has not enabled: af-south-1, me-south-1.\n"
    )


def test_one_function(stack, log, aws, now):
    """A function can be named by its logical id or by its name in Lambda."""
    log("eu-west-1", "AuthorizerFunction", (now - 2000, "this"))
    log("eu-west-1", "SignerFunction", (now - 1000, "that"))
    expected = f"{stamp(now - 1000)} eu-west-1      SignerFunction: that\n"
    assert stack("logs", "SignerFunction").stdout == expected
    assert stack("logs", aws.physical_ids["SignerFunction"]).stdout == expected


def test_since(stack, log, now):
    """The default is the last ten minutes. --since changes it."""
    log("eu-west-1", "AuthorizerFunction", (now - 90 * MINUTE, "old"), (now - 11 * MINUTE, "older"), (now, "new"))
    words = [
        [line.rpartition(" ")[2] for line in stack("logs", *since).stdout.splitlines()]
        for since in ([], ["--since", "12m"], ["--since", "2h"])
    ]
    assert words == [["new"], ["older", "new"], ["old", "older", "new"]]


def test_nothing(stack):
    """Without lines, a message says so."""
    status, stdout, stderr = stack("logs")
    assert (status, stdout) == (0, "")
    assert stderr.endswith(
        "\nNothing was logged in that time. New lines appear after some seconds; for older lines, use --since.\n"
    )


def test_regions_that_cannot_be_read(stack, log, proxy, now):
    """A Region that cannot be read is named and skipped. The others are read."""
    log("eu-west-1", "AuthorizerFunction", (now - 1000, "here"))
    denied = b'{"__type": "AccessDeniedException", "message": "not authorized to perform: logs:FilterLogEvents"}'
    proxy.instead.append(lambda request: (400, {}, denied) if request.region == "eu-west-2" else None)
    assert stack("logs") == (
        0,
        f"{stamp(now - 1000)} eu-west-1      AuthorizerFunction: here\n",
        "Reading the logs in 4 Regions ...\n"
        "Skipped these Regions, which the account has not enabled: af-south-1, me-south-1.\n"
        "Skipped eu-west-2: An error occurred (AccessDeniedException) when calling the FilterLogEvents operation: not "
        "authorized to perform: logs:FilterLogEvents\n",
    )


def test_no_region_can_be_read(stack, proxy):
    """If all Regions fail, the error is printed once, with the next step."""
    expired = b'{"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"}'
    proxy.instead.append(
        lambda request: (400, {}, expired) if "Logs_" in request.headers.get("x-amz-target", "") else None
    )
    assert stack("logs").stderr == (
        "Reading the logs in 4 Regions ...\n"
        "Your credentials have expired (FilterLogEvents: The security token included in the request is expired). Sign "
        "in (`aws configure`, `aws sso login`) or set AWS_PROFILE; for the stack of `make local`, use --local.\n"
    )


def test_regions_may_not_be_listed(stack, aws, proxy):
    """If the list of Regions is denied, the message names the operation."""
    words = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ec2:DescribeRegions"
    error = f"<Error><Code>UnauthorizedOperation</Code><Message>{words}</Message></Error>"
    denied = f"<Response><Errors>{error}</Errors></Response>"
    proxy.instead.insert(0, lambda request: (403, {}, denied.encode()) if request.action == "DescribeRegions" else None)
    assert stack("logs") == (
        1,
        "",
        f"You have no permission for this on the stack {aws.name} (DescribeRegions: {words}). Ask for the "
        "permission, or sign in with a role that has it.\n",
    )


def test_other_functions(stack, aws):
    """For a function that is not at the edge, the message names sam's command. An unknown name is an error."""
    assert stack("logs", "BooksFunction") == (
        1,
        "",
        "BooksFunction is not an edge function, so its logs are only in us-east-1. To see them, run `sam logs --name "
        f"BooksFunction --stack-name {aws.name} --region us-east-1`.\n",
    )
    assert stack("logs", "Nobody") == (
        1,
        "",
        f"{aws.name} has no edge function Nobody. Its edge functions: AuthorizerFunction, SignerFunction.\n",
    )


def test_not_a_time(stack, capsys):
    """A malformed time is refused with examples."""
    with pytest.raises(SystemExit, match="2"):
        stack("logs", "--since", "yesterday")
    assert "'yesterday' is not a length of time, such as 90s, 10m, 2h or 1d" in capsys.readouterr().err


@pytest.fixture
def following(aws) -> Iterator["subprocess.Popen[str]"]:  # noqa: ARG001 - it finds the stack by the shell's variables
    """`python -m stack logs --follow`, after its first read."""
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local"}
    process = subprocess.Popen(
        [sys.executable, "-m", "stack", "logs", "--follow"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_follow(following, log, now):
    """New lines are printed, also from Regions without earlier requests. Ctrl-C ends the command silently."""
    log("eu-west-1", "AuthorizerFunction", (now - 1000, "before"))
    assert following.stdout.readline() == f"{stamp(now - 1000)} eu-west-1      AuthorizerFunction: before\n"
    log("eu-west-1", "AuthorizerFunction", (now + 1, "after"))
    log("eu-west-1", "AuthorizerFunction", (now, "late"))
    printed = {following.stdout.readline() for _ in range(2)}
    assert printed == {
        f"{stamp(now)} eu-west-1      AuthorizerFunction: late\n",
        f"{stamp(now + 1)} eu-west-1      AuthorizerFunction: after\n",
    }
    following.send_signal(signal.SIGINT)
    stdout, stderr = following.communicate()
    assert (following.returncode, stdout, stderr.splitlines()[2:]) == (0, "", [])


def test_reader_leaves(following, log, now):
    """If the reader closes the output, as `| head` does, the command ends silently."""
    following.stdout.close()
    log("eu-west-1", "AuthorizerFunction", (now - 1000, "unread"))
    assert (following.wait(), following.stderr.read().splitlines()[2:]) == (0, [])
