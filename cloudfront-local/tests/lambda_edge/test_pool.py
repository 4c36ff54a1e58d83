"""The number of a function's processes, and the choice of the process for a request."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from cloudfront_local.lambda_edge.edge import CONCURRENCY
from cloudfront_local.lambda_edge.pool import STARTS

# A request ends when its file exists: the test decides how many requests run at a time. First, it makes another file,
# by which the test knows that it runs.
GATED = """
import os, time
def handler(event, context):
    if event:
        open(f"{event}.running-{os.getpid()}", "w").close()
    while event and not os.path.exists(event):
        time.sleep(0.01)
    return os.getpid()
"""


async def running(gate: Path, requests: int) -> None:
    """Returns when so many requests with this file run."""
    async with asyncio.timeout(10):
        while len(list(gate.parent.glob(f"{gate.name}.running-*"))) < requests:  # noqa: ASYNC110 - of other processes
            await asyncio.sleep(0.01)


async def test_requests_one_after_another_share_a_process(function):
    """An idle process is used again."""
    function.write(GATED)
    async with function.running() as runtime:
        pids = {await runtime.invoke(function.arn, None) for _ in range(5)}
    assert len(pids) == 1


async def test_twenty_requests_at_once(function):
    """Under load the number of processes reaches the limit, each serves one request at a time, and all are answered."""
    function.write("""
import os, time
running = 0
def handler(event, context):
    global running
    running += 1
    time.sleep(0.05)
    alone = running == 1
    running -= 1
    return [event, alone, os.getpid()]
""")
    async with function.running() as runtime:
        results = await asyncio.gather(*(runtime.invoke(function.arn, number) for number in range(20)))
    assert [result[:2] for result in results] == [[number, True] for number in range(20)]
    assert len({pid for _, _, pid in results}) == function.concurrency


async def test_requests_beyond_the_bound_wait(function, tmp_path):
    """If every process is busy, a request waits until one is free."""
    function.concurrency = 2
    function.write(GATED)
    gate = tmp_path / "gate"
    async with function.running() as runtime:
        first = [asyncio.create_task(runtime.invoke(function.arn, str(gate))) for _ in range(2)]
        await running(gate, 2)
        third = asyncio.create_task(runtime.invoke(function.arn, None))
        await asyncio.wait([third], timeout=0.3)
        assert not third.done()
        gate.touch()
        assert await third in await asyncio.gather(*first)


async def test_the_process_used_last_is_used_first(function, tmp_path):
    """The process that was used last serves the next request, as on Lambda."""
    function.write(GATED)
    one, two = tmp_path / "one", tmp_path / "two"
    async with function.running() as runtime:
        requests = [asyncio.create_task(runtime.invoke(function.arn, str(gate))) for gate in (one, two)]
        await running(one, 1)
        await running(two, 1)
        one.touch()
        first = await requests[0]
        two.touch()
        second = await requests[1]
        assert first != second
        assert await runtime.invoke(function.arn, None) == second


async def test_an_idle_process_that_died_is_replaced(function):
    """A process that ended between two requests is not used again, be it only a moment ago."""
    function.write("""
import os, socket, threading
def handler(port, context):
    if port:
        global held
        held = socket.create_connection(("127.0.0.1", port))
        threading.Timer(0.05, os._exit, [0]).start()
    return os.getpid()
""")
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with function.running() as runtime:
            first = await runtime.invoke(function.arn, server.getsockname()[1])
            connection, _ = server.accept()
            with connection:
                # Without a turn for the event loop, which would hear of the end.
                assert connection.recv(1) == b""
            assert await runtime.invoke(function.arn, None) != first


def await_stop(pid):
    """Waits until a process stands still. Until then, it might read a request."""
    while "T" not in subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True).stdout:
        time.sleep(0.01)


async def test_a_process_that_dies_as_it_is_asked_is_replaced(function):
    """A request that an idle process leaves unread goes to another process."""
    function.write(GATED)
    async with function.running() as runtime:
        first = await runtime.invoke(function.arn, None)
        os.kill(first, signal.SIGSTOP)
        await_stop(first)
        request = asyncio.create_task(runtime.invoke(function.arn, None))
        await asyncio.wait([request], timeout=0.3)
        os.kill(first, signal.SIGKILL)
        assert await request != first


async def test_a_request_that_ended_its_process_is_not_repeated(function, tmp_path):
    """A process that ends over a request has taken it: the viewer is told, and no other process is asked."""
    asked = tmp_path / "asked"
    function.write("""
import os
def handler(event, context):
    if event:
        with open(event, "a") as file:
            file.write("asked")
        os._exit(3)
""")
    async with function.running() as runtime:
        await runtime.invoke(function.arn, None)
        kind, _ = await function.failure(runtime, str(asked))
    assert (kind, asked.read_text()) == ("exit", "asked")


def test_the_default_bound_is_small():
    """A function has at most four processes for each CPU, and at most sixteen."""
    assert 4 <= CONCURRENCY <= 16


async def test_a_burst_at_a_cold_start(function):
    """Requests that wait while a sandbox starts share the sandboxes that are ready before another one has started."""
    function.concurrency = requests = 4 * STARTS
    function.write("import os, time\ntime.sleep(0.3)\ndef handler(event, context): return os.getpid()")
    async with function.running() as runtime:
        pids = await asyncio.gather(*(runtime.invoke(function.arn, None) for _ in range(requests)))
    assert len(set(pids)) < requests


async def test_a_burst_of_requests_that_wait(function, tmp_path):
    """A sandbox that only waits does not keep others from starting."""
    function.concurrency = wanted = STARTS + 2
    function.write(GATED)
    gate = tmp_path / "gate"
    async with function.running() as runtime:
        requests = [asyncio.create_task(runtime.invoke(function.arn, str(gate))) for _ in range(wanted)]
        await running(gate, wanted)
        gate.touch()
        assert len(set(await asyncio.gather(*requests))) == wanted
