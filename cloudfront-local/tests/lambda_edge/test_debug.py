"""Functions are debugged: by pdb on a terminal, and by a debugger that attaches with the Debug Adapter Protocol."""

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.debug import Ask, Debug, Ports
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source

STOPS = """
import time

def handler(event, context):
    greeting = f"Hello {event}"
    STOP
    return greeting.upper()
"""


class Person:
    """A person at a terminal, who types these lines and takes `seconds` for each."""

    def __init__(self, *lines: str, seconds: float = 0) -> None:
        self._lines = iter(lines)
        self._seconds = seconds
        self.seen = ""
        self.functions: list[str] = []

    @asynccontextmanager
    async def session(self, function: str) -> AsyncIterator[Ask]:
        self.functions.append(function)
        yield self._ask

    async def _ask(self, text: str) -> str:
        await asyncio.sleep(self._seconds)
        line = next(self._lines)
        self.seen += f"{text}{line}\n"
        return f"{line}\n"


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"], ids=["breakpoint", "set_trace"])
async def test_terminal(function, stop: str) -> None:
    """pdb shows the source, evaluates, and changes; the function then goes on with what was changed."""
    person = Person("p greeting", "greeting = 'Bye'", "c")
    function.debug = Debug(terminal=person)
    function.write(STOPS.replace("STOP", stop))
    assert await function.invoke("you") == "BYE"
    assert f"> {function.source / 'app/handler.py'}(7)handler()\n-> return greeting.upper()\n(Pdb) p" in person.seen
    assert "'Hello you'\n(Pdb) " in person.seen
    assert person.functions == ["shop-Greeter-1A2B"]


async def test_time(function) -> None:
    """A person's time does not count, and the function has as much as before."""
    function.timeout = 1.0
    function.debug = Debug(terminal=Person("p 1", "c", seconds=0.8))
    function.write(
        "def handler(event, context):\n    breakpoint()\n    return context.get_remaining_time_in_millis()\n"
    )
    remaining = await function.invoke()
    assert isinstance(remaining, int)
    assert 0 < remaining <= 1000


async def test_steps(function) -> None:
    """Steps show the function's own code alone, and end with the request."""
    person = Person("n", "n", "n", "c")
    function.debug = Debug(terminal=person)
    function.write("def handler(event, context):\n    if event:\n        breakpoint()\n    return event\n")
    async with function.running() as runtime:
        assert [await runtime.invoke(function.arn, event) for event in (1, 0, 0)] == [1, 0, 0]
    assert "bootstrap" not in person.seen
    assert person.functions == ["shop-Greeter-1A2B"]


async def test_quit(function) -> None:
    """`q` ends the request with an error. The next request is answered."""
    function.debug = Debug(terminal=Person("q", "y"))
    function.write("def handler(event, context):\n    if event:\n        breakpoint()\n    return 'fine'\n")
    async with function.running() as runtime:
        kind, message = await function.failure(runtime, "stop")
        assert (kind, message) in [("error", "BdbQuit"), ("exit", "Runtime.ExitError: Runtime exited")]
        assert await runtime.invoke(function.arn, "") == "fine"


async def test_import(function) -> None:
    """A module stops, too, while it is imported."""
    person = Person("c")
    function.debug = Debug(terminal=person)
    function.write("value = 1\nbreakpoint()\nvalue += 1\ndef handler(event, context): return value\n")
    assert await function.invoke() == 2
    assert "-> value += 1" in person.seen


async def test_thread(function) -> None:
    """Another thread goes on, and a line says why."""
    function.debug = Debug(terminal=Person())
    function.write(
        "import threading\ndef stop():\n    breakpoint()\ndef handler(event, context):\n"
        "    thread = threading.Thread(target=stop)\n    thread.start()\n    thread.join()\n    return 'fine'\n"
    )
    assert await function.invoke() == "fine"
    [line] = function.lines
    assert line.startswith(f"Skipped the breakpoint at {function.source / 'app/handler.py'}:3: ")
    assert line.endswith(": pdb stops the main thread alone. Start with --debug instead.")


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"], ids=["breakpoint", "set_trace"])
async def test_nobody(function, stop: str) -> None:
    """Without a terminal, the function goes on, and a line says where and what to do."""
    function.write(STOPS.replace("STOP", stop))
    assert await function.invoke("you") == "HELLO YOU"
    [line] = function.lines
    assert line.startswith(f"Skipped the breakpoint at {function.source / 'app/handler.py'}:")
    assert line.endswith(": nobody is at a terminal. Start with --debug to attach a debugger.")


class Debugger:
    """A debugger that speaks the Debug Adapter Protocol: each message is JSON behind its Content-Length."""

    @classmethod
    async def attached(cls, port: int, source: Path, *lines: int) -> "Debugger":
        """Attached to a port, with breakpoints on these lines of a file."""
        self = cls()
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._numbers = itertools.count(1)
        self._events: list[dict[str, Any]] = []
        await self.ask("initialize", adapterID="test", pathFormat="path")
        self._send("attach", justMyCode=True)
        await self.event("initialized")
        breakpoints = [{"line": line} for line in lines]
        await self.ask("setBreakpoints", source={"path": str(source)}, breakpoints=breakpoints)
        await self.ask("configurationDone")
        return self

    async def ask(self, command: str, **arguments: object) -> Any:
        number = self._send(command, **arguments)
        while (message := await self._message()).get("request_seq") != number:
            self._events.append(message)
        assert message["success"], message
        return message.get("body")

    async def event(self, name: str) -> Any:
        while True:
            for message in self._events:
                if message.get("event") == name:
                    self._events.remove(message)
                    return message.get("body")
            self._events.append(await self._message())

    async def stopped(self) -> tuple[int, dict[str, str], str, int]:
        """Where the function stops: the thread, the local variables, the file and the line."""
        thread = (await self.event("stopped"))["threadId"]
        [frame, *_] = (await self.ask("stackTrace", threadId=thread))["stackFrames"]
        [scope, *_] = (await self.ask("scopes", frameId=frame["id"]))["scopes"]
        found = (await self.ask("variables", variablesReference=scope["variablesReference"]))["variables"]
        return thread, {each["name"]: each["value"] for each in found}, frame["source"]["path"], frame["line"]

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    def _send(self, command: str, **arguments: object) -> int:
        number = next(self._numbers)
        request = {"seq": number, "type": "request", "command": command, "arguments": arguments}
        content = json.dumps(request).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        return number

    async def _message(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            header = await self._reader.readuntil(b"\r\n\r\n")
            length = int(header.partition(b"Content-Length:")[2].split()[0])
            message: dict[str, Any] = json.loads(await self._reader.readexactly(length))
            return message


async def test_attach(function) -> None:
    """A breakpoint in the source stops the build's code: variables, time without limit, and the result in the end."""
    function.timeout = 0.5
    ports = Ports(free=True)
    function.debug = Debug(ports)
    function.write(STOPS.replace("STOP", "pass"))
    source = function.source / function.file
    async with function.running() as runtime:
        prepared = await runtime.prepare(function.arn)
        debugger = await Debugger.attached(ports.of(prepared), source, 7)
        invoked = asyncio.create_task(runtime.invoke(function.arn, "you"))
        thread, variables, path, line = await debugger.stopped()
        await asyncio.sleep(0.7)
        assert (path, line) == (str(source), 7)
        assert (variables["event"], variables["greeting"]) == ("'you'", "'Hello you'")
        await debugger.ask("continue", threadId=thread)
        assert await invoked == "HELLO YOU"
        await debugger.close()


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"], ids=["breakpoint", "set_trace"])
async def test_attach_again(function, stop: str) -> None:
    """After an edit the same port is there, and `breakpoint()` stops in the debugger that is attached, else nowhere."""
    ports = Ports(free=True)
    function.debug = Debug(ports)
    function.write("def handler(event, context): return 'before'")
    async with function.running() as runtime:
        port = ports.of(await runtime.prepare(function.arn))
        debugger = await Debugger.attached(port, function.source / function.file)
        function.write(STOPS.replace("STOP", stop))
        assert await runtime.invoke(function.arn, "you") == "HELLO YOU"
        await debugger.close()
        debugger = await Debugger.attached(port, function.source / function.file)
        invoked = asyncio.create_task(runtime.invoke(function.arn, "you"))
        thread, variables, path, _ = await debugger.stopped()
        assert (path, variables["greeting"]) == (str(function.source / function.file), "'Hello you'")
        await debugger.ask("continue", threadId=thread)
        assert await invoked == "HELLO YOU"
        await debugger.close()


async def test_one_at_a_time(function) -> None:
    """Under a debugger, one process serves the requests in turn."""
    function.debug = Debug(Ports(free=True))
    function.write("import os, time\ndef handler(event, context):\n    time.sleep(0.05)\n    return os.getpid()\n")
    async with function.running() as runtime:
        pids = await asyncio.gather(*(runtime.invoke(function.arn, None) for _ in range(4)))
    assert len(set(pids)) == 1


def version_of(name: str, version: int, folder: Path, runtime: str = "python3.13") -> Function:
    async def build(_: Path) -> Path:
        return folder

    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}:{version}"
    return Function(arn, "app.handler", runtime, 5, 128, "role", Artifact(Source(folder), build))


def test_ports(tmp_path: Path) -> None:
    """Each function has a port, the same for each version, from debugpy's own on; one that is taken is left out."""
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 5678))
            taken.listen()
        except OSError:
            pytest.skip("another program has port 5678")
        ports = Ports()
        one, other = (ports.of(version_of(name, 1, tmp_path)) for name in ("One", "Other"))
        assert 5678 < one < other
        assert ports.of(version_of("One", 2, tmp_path)) == one
        assert ports.of(version_of("Node", 1, tmp_path, "nodejs22.x")) >= 9229
