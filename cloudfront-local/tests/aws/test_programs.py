import pytest

from cloudfront_local.aws import programs
from cloudfront_local.errors import LocalError


async def test_missing():
    """A program that is not there: which one, and what to do."""
    with pytest.raises(LocalError, match=r"^The program `no-such-program` is missing\. Install it, or put its folder"):
        await programs.run(["no-such-program"])


async def test_ended():
    """The exit status, and both outputs apart."""
    ended = await programs.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert ended == programs.Finished(3, "out\n", "err\n")
