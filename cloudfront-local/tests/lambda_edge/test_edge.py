"""The runtime as a whole: looks functions up, and leaves nothing behind."""

import asyncio

import pytest

from cloudfront_local.distribution.failure import FunctionFailed

ECHO = "def handler(event, context): return event"


async def test_a_function_is_looked_up_once(function):
    """A version is looked up once for all its requests, even simultaneous ones: numbered versions never change."""
    function.write(ECHO)
    async with function.running() as runtime:
        assert await asyncio.gather(*(runtime.invoke(function.arn, n) for n in range(4))) == [0, 1, 2, 3]
    assert function.looked_up == [function.arn]


@pytest.mark.parametrize("arn", ["arn:aws:lambda:us-east-1:123456789012:function:other:1", "other"])
async def test_an_unknown_function(function, arn):
    """If a function cannot be looked up, the request fails with its name. The next request looks it up again."""
    async with function.running() as runtime:
        for _ in range(2):
            with pytest.raises(FunctionFailed) as caught:
                await runtime.invoke(arn, None)
            assert caught.value.args == ("configuration", "other", f"cannot look up {arn}: Function not found", "")
    assert function.looked_up == [arn, arn]


async def test_close_ends_requests_and_processes(function, witness):
    """Closing kills idle and busy processes, and the requests under way fail."""
    function.concurrency = 2
    function.write(witness.sleeper)
    async with function.running() as runtime:
        await runtime.invoke(function.arn, witness.event | {"seconds": 0})
        requests = [asyncio.create_task(runtime.invoke(function.arn, witness.event)) for _ in range(3)]
        connections = [await witness.arrival() for _ in range(3)]
        await runtime.close()
        for connection in connections:
            await witness.death(connection)
        for result in await asyncio.gather(*requests, return_exceptions=True):
            assert (type(result), result.args[0]) == (FunctionFailed, "closed")
        assert list(function.builds.iterdir()) == []


async def test_requests_after_the_end(function):
    """A closed runtime starts nothing any more, and may be closed again."""
    function.write(ECHO)
    async with function.running() as runtime:
        await runtime.close()
        with pytest.raises(FunctionFailed, match="the runtime was closed"):
            await runtime.invoke(function.arn, None)
        await runtime.close()
    assert function.built == 0


async def test_a_process_that_cannot_be_started(function):
    """A build without a folder is an init failure that names the folder."""
    function.write(ECHO)
    function.misplaced = True
    async with function.running() as runtime:
        with pytest.raises(FunctionFailed) as caught:
            await runtime.invoke(function.arn, None)
    assert caught.value.kind == "init"
    assert "No such file or directory" in caught.value.message


async def test_nothing_is_left_open(function, open_descriptors):
    """After requests of every kind and the end of the runtime, no file descriptor stays open."""
    before = open_descriptors()
    function.timeout = 0.3
    function.write("import os, time\ndef handler(event, context): return eval(event)")
    async with function.running() as runtime:
        events = ["1", "1 / 0", "os._exit(1)", "time.sleep(60)", "print('x')"]
        await asyncio.gather(*(runtime.invoke(function.arn, event) for event in events), return_exceptions=True)
    assert open_descriptors() == before
