"""Functions get their role's temporary credentials, and never expired ones."""

import asyncio
import datetime

import pytest

from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.lambda_edge.credentials import RoleCredentials

WHO = "import os\ndef handler(event, context): return [os.environ['AWS_ACCESS_KEY_ID'], os.getpid()]"


async def test_a_process_is_retired_before_its_credentials_expire(function):
    """A minute before the credentials expire, requests go to a new process with new ones."""
    function.write(WHO)
    async with function.running() as runtime:
        first = await runtime.invoke(function.arn, None)
        function.now += function.lifetime - datetime.timedelta(seconds=61)
        assert await runtime.invoke(function.arn, None) == first
        function.now += datetime.timedelta(seconds=1)
        key, pid = await runtime.invoke(function.arn, None)
        assert (first[0], key) == ("ASIA1", "ASIA2")
        assert pid != first[1]
        assert await runtime.invoke(function.arn, None) == [key, pid]
    assert function.assumed == [function.role, function.role]


async def test_a_role_is_assumed_once_for_many_requests(function):
    """Simultaneous requests share the credentials of one call to STS."""
    function.write(WHO)
    async with function.running() as runtime:
        results = await asyncio.gather(*(runtime.invoke(function.arn, None) for _ in range(8)))
    assert {key for key, _ in results} == {"ASIA1"}
    assert function.assumed == [function.role]


async def test_each_role_has_its_own(function):
    """One role's credentials never serve another role."""
    credentials = RoleCredentials(function.assume_role, lambda: function.now)
    one, other = await asyncio.gather(credentials.get("role/one"), credentials.get("role/other"))
    assert (one["AccessKeyId"], other["AccessKeyId"]) == ("ASIA1", "ASIA2")
    assert await credentials.get("role/one") is one


async def test_a_role_that_cannot_be_assumed(function):
    """The failure names the role and AWS's reason, and the next request asks again."""
    function.write(WHO)
    function.refused = PermissionError("AccessDenied: not trusted")
    async with function.running() as runtime:
        with pytest.raises(FunctionFailed) as caught:
            await runtime.invoke(function.arn, None)
        assert (caught.value.kind, caught.value.message) == (
            "credentials",
            "cannot assume arn:aws:iam::123456789012:role/greeter: AccessDenied: not trusted",
        )
        function.refused = None
        assert (await runtime.invoke(function.arn, None))[0] == "ASIA2"
