"""A sandbox answers within its timeout, or it is killed."""

import asyncio

import pytest

from cloudfront_local.distribution.failure import FunctionFailed


async def test_the_timeout_ends_the_process_and_its_children(function, witness):
    """A handler that takes too long is killed with its child processes, and reported in Lambda's words."""
    function.timeout = 1
    function.write(witness.sleeper)
    async with function.running() as runtime:
        assert await function.failure(runtime, witness.event) == ("timeout", "Task timed out after 1.00 seconds")
        await witness.death(await witness.arrival())


async def test_a_handler_that_never_yields_times_out(function):
    """A handler in an endless loop is killed, too: the parent enforces the timeout."""
    function.timeout = 1
    function.write("def handler(event, context):\n    while True: pass")
    async with function.running() as runtime:
        assert await function.failure(runtime) == ("timeout", "Task timed out after 1.00 seconds")


async def stack(function, event=None):
    """The detail of a failure by timeout, with paths from the source's folder."""
    with pytest.raises(FunctionFailed) as caught:
        await function.invoke(event)
    return caught.value.detail.replace(f"{function.source}/", "")


HERE = "It was here when its time ended (most recent call last):\n"


@pytest.mark.parametrize("code", ["while True: pass", "time.sleep(60)", "re.match('(a+)+b', 'a' * 60)"])
async def test_a_timeout_says_where_the_function_was(function, code):
    """The failure has the stack in the developer's files: in Python, in a system call and in C code alike."""
    function.timeout = 1
    function.write(
        f"import re, time\ndef handler(event, context):\n    print('x', end='')\n    wait()\ndef wait():\n    {code}"
    )
    lines = (await stack(function)).splitlines()
    assert lines[:5] == [
        HERE.strip(),
        '  File "app/handler.py", line 4, in handler',
        "    wait()",
        '  File "app/handler.py", line 6, in wait',
        f"    {code}",
    ]
    assert function.lines == ["x"]


async def test_a_timeout_of_the_import_says_where(function, monkeypatch):
    """A module whose import takes too long is shown at its line, without the frames of the import itself."""
    monkeypatch.setattr("cloudfront_local.lambda_edge.sandbox.INIT_TIMEOUT", 2.0)
    function.write("import time\ntime.sleep(60)")
    assert await stack(function) == f'{HERE}  File "app/handler.py", line 2, in <module>\n    time.sleep(60)\n'


async def test_a_deep_stack(function):
    """Of a deep recursion, the stack has the innermost hundred frames."""
    function.timeout = 1
    function.write(
        "import time\ndef handler(event, context): down(300)\ndef down(n): down(n - 1) if n else time.sleep(60)"
    )
    assert (await stack(function)).count("in down") == 100


async def test_a_function_that_takes_the_signal(function, monkeypatch):
    """A function that ignores the signal is killed without its stack."""
    monkeypatch.setattr("cloudfront_local.lambda_edge.process.STACK_TIMEOUT", 0.2)
    function.timeout = 1
    function.write(
        "import signal, time\nsignal.signal(signal.SIGUSR2, signal.SIG_IGN)\n"
        "def handler(event, context): time.sleep(60)"
    )
    assert await stack(function) == ""


async def test_the_next_request_after_a_timeout_gets_a_new_process(function):
    """After a timeout, the next request is served by a new process."""
    function.timeout = 1
    function.write("import os, time\ndef handler(event, context):\n    time.sleep(event)\n    return os.getpid()")
    async with function.running() as runtime:
        before = await runtime.invoke(function.arn, 0)
        await function.failure(runtime, 60)
        assert await runtime.invoke(function.arn, 0) != before


async def test_the_initialization_has_a_limit(function, witness, monkeypatch):
    """A module that takes longer to import than the Init phase allows is an init failure."""
    monkeypatch.setattr("cloudfront_local.lambda_edge.sandbox.INIT_TIMEOUT", 2.0)
    function.write(f"{witness.sleeper}\nhandler({witness.event}, None)")
    async with function.running() as runtime:
        assert await function.failure(runtime) == ("init", "Init phase timed out after 2.00 seconds")
        await witness.death(await witness.arrival())


async def test_the_initialization_does_not_count(function):
    """The function's timeout begins with the request, after the import of the module."""
    function.timeout = 1
    function.write(
        "import time\ntime.sleep(1)\ndef handler(event, context): return context.get_remaining_time_in_millis()"
    )
    assert 0 < await function.invoke() <= 1000


async def test_a_cancelled_request_kills_its_process(function, witness):
    """If the caller is cancelled during a request, the process is killed in the middle of the handler."""
    function.write(witness.sleeper)
    async with function.running() as runtime:
        request = asyncio.create_task(runtime.invoke(function.arn, witness.event))
        connection = await witness.arrival()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await witness.death(connection)


async def test_a_request_cancelled_while_it_initializes(function, witness):
    """If the caller is cancelled during the import, the process is killed in the middle of the import."""
    function.write(f"{witness.sleeper}\nhandler({witness.event}, None)")
    async with function.running() as runtime:
        request = asyncio.create_task(runtime.invoke(function.arn, None))
        connection = await witness.arrival()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await witness.death(connection)
