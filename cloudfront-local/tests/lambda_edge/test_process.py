"""A process answers in full, and it ends together with every process that it started."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

BIG = "x" * 1_400_000


async def test_big_events_and_results(function):
    """An event and a result of 1.4 MB pass while the function prints 1.4 MB."""
    function.write("def handler(event, context):\n    print(event['data'])\n    return event")
    assert await function.invoke({"data": BIG}) == {"data": BIG}
    assert "".join(function.lines) == BIG


async def test_printing_before_the_event_is_read(function):
    """A function that prints megabytes before it reads its event blocks neither itself nor the parent."""
    function.write("print('y' * 1_400_000)\ndef handler(event, context): return len(event)")
    assert await function.invoke(BIG) == len(BIG)
    assert "".join(function.lines) == BIG.replace("x", "y")


async def test_a_child_that_outlives_the_process_is_killed(function, witness):
    """When the process exits in a request, the processes that it started are ended."""
    function.write(witness.sleeper.replace("time.sleep(", "__import__('os')._exit("))
    async with function.running() as runtime:
        event = witness.event | {"seconds": 1}
        assert await function.failure(runtime, event) == (
            "exit",
            "Runtime.ExitError: Runtime exited with error: exit status 1",
        )
        await witness.death(await witness.arrival())


async def test_a_child_that_outlives_an_idle_process_is_killed(function, witness):
    """When the process exits between two requests, the processes that it started are ended."""
    function.write(f"import os, threading\n{witness.sleeper}    threading.Timer(0.1, os._exit, [0]).start()")
    async with function.running() as runtime:
        await runtime.invoke(function.arn, witness.event | {"seconds": 0})
        await witness.death(await witness.arrival())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
@pytest.mark.parametrize("left", ["os.fork() or (os.setsid(), os.fork(), hold())", "subprocess.Popen(SLEEP)"])
@pytest.mark.parametrize("end", ["os._exit(1)", "time.sleep(60)"])
async def test_a_child_that_left_the_group_is_killed(function, witness, left, end):
    """A process that left the group (setsid, a daemon's two forks) ends with the sandbox, however the sandbox ends."""
    function.timeout = 2
    function.write(f"""
import os, socket, subprocess, time
SLEEP = ["setsid", "sleep", "60"]
def handler(event, context):
    held = socket.create_connection(("127.0.0.1", event["port"]))
    os.set_inheritable(held.fileno(), True)
    held.sendall(b"here")
    def hold():
        time.sleep(60)
        os._exit(0)
    {left.replace("SLEEP", "SLEEP, close_fds=False")}
    time.sleep(0.2)
    {end}
""")
    async with function.running() as runtime:
        assert (await function.failure(runtime, witness.event))[0] in ("exit", "timeout")
        await witness.death(await witness.arrival())


async def test_a_fork_that_left_the_group_cannot_keep_a_request_waiting(function):
    """A forked process that left the group and holds the channel open does not make the parent wait."""
    function.timeout = 2
    function.write("""
import os, time
def handler(event, context):
    if os.fork() == 0:
        os.setsid()
        time.sleep(4)
        os._exit(0)
    time.sleep(0.2)
    os._exit(2)
""")
    async with function.running() as runtime:
        message = "Runtime.ExitError: Runtime exited with error: exit status 2"
        assert await function.failure(runtime) == ("exit", message)


async def test_a_process_that_closes_its_channel(function):
    """A handler that closes every file descriptor fails its own request; the next request works."""
    function.timeout = 1
    function.write("import os\ndef handler(event, context):\n    if event: os.closerange(0, 256)\n    return 'fine'")
    async with function.running() as runtime:
        assert (await function.failure(runtime, "close"))[0] in ("exit", "timeout")
        assert await runtime.invoke(function.arn, None) == "fine"


async def test_root_of_the_process_tree(function):
    """The process leads a process group of its own: Ctrl-C in the terminal does not reach it."""
    function.write("import os\ndef handler(event, context): return [os.getpid(), os.getpgrp(), os.getsid(0)]")
    pid, group, session = await function.invoke()
    assert pid == group == session != os.getsid(0)


PARENT = """
import asyncio, datetime, sys
from pathlib import Path
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source, fingerprint

source = Path(sys.argv[1])
async def resolve(arn):
    artifact = Artifact(Source(source), None, built=source, built_from=fingerprint(source))
    return Function(arn, "app.handler.handler", "python3.13", 60, 128, "role", artifact)
async def assume(role):
    expiration = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    return {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": expiration}
async def main():
    runtime = EdgeRuntime(resolve, assume, region="us-east-1", endpoint_url=None, console=print)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:name:1"
    await asyncio.gather(*(runtime.invoke(arn, {"port": int(sys.argv[2]), "seconds": s}) for s in (0.2, 60)))
asyncio.run(main())
"""


@pytest.fixture
async def parent(function, witness):
    """A parent process with a runtime and two requests under way; one of them ends soon."""
    function.write(witness.sleeper)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PARENT, str(function.source), str(witness.event["port"])]
    process = await asyncio.create_subprocess_exec(*command, cwd=root)
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_processes_end_with_a_killed_parent(witness, parent):
    """When the parent is killed, its idle and its busy process end, and every process that they started."""
    connections = [await witness.arrival(), await witness.arrival()]
    parent.kill()
    for connection in connections:
        await witness.death(connection)


async def test_processes_end_when_their_answer_is_not_read(witness, parent):
    """The processes also end if the parent was stopped (SIGSTOP) before it was killed, and did not read an answer."""
    connections = [await witness.arrival(), await witness.arrival()]
    parent.send_signal(signal.SIGSTOP)
    await asyncio.sleep(0.5)
    parent.kill()
    for connection in connections:
        await witness.death(connection)
