"""`cloudfront-local requests`: the list in a terminal."""

import asyncio
import shlex
import sys
from pathlib import Path

import pytest

from cloudfront_local.serving import running
from cloudfront_local.serving.running import RunningStack
from cloudfront_local.testing.workplace import Workplace

COMMAND = (sys.executable, "-m", "cloudfront_local", "requests")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path, PYTHONPATH=str(Path(running.__file__).parents[2]), TZ="UTC")


def described(place: Workplace, window: str, **distributions: str) -> RunningStack:
    """A stack that runs in the folder, whose window is at this address."""
    names = {"stack_name": "local", "region": "us-east-1", "edge_region": "us-east-1", "build_dir": "build"}
    template = str(place.folder / "template.yaml")
    return RunningStack(
        1, "http://127.0.0.1:1", "", distributions=distributions, template=template, window=window, **names
    )


async def test_list(edge, opened, place: Workplace) -> None:
    """A line for each request: when, status, what, the result, how long, the functions."""
    at = edge(functions={"viewer-request": lambda event: event["Records"][0]["cf"]["request"]})
    at.origin.reply(404)
    window = await opened(at)
    await at.get("/page?x=1")
    with running.claimed(place.folder), running.described(described(place, f"{window.url}/")):
        listed = await asyncio.to_thread(place.run, *COMMAND)
    assert (listed.returncode, listed.stderr) == (0, "")
    when, status, request, result, took, functions = listed.stdout.strip().split("  ")
    assert (status, request, result, functions) == ("404", "GET /page?x=1", "Error", "viewer-request-function")
    assert (len(when), took.endswith(" ms")) == (8, True)


async def test_several_distributions(edge, opened, place: Workplace) -> None:
    """Each line says which one answered."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    await at.get("/page")
    several = described(place, f"{window.url}/", One="EDFDVBD6EXAMPLE", Two="E2SECOND")
    with running.claimed(place.folder), running.described(several):
        listed = await asyncio.to_thread(place.run, *COMMAND)
    assert listed.stdout.split("  ")[1:3] == ["EDFDVBD6EXAMPLE", "200"]


async def test_follow(edge, opened, place: Workplace) -> None:
    """Requests that come are printed, each once. When the window ends, so does the command."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    await at.get("/before")
    with running.claimed(place.folder), running.described(described(place, f"{window.url}/")):
        process = place.start(*COMMAND, "--follow")
        await asyncio.to_thread(place.await_output, process, "GET /before")
        await at.get("/after")
        await asyncio.to_thread(place.await_output, process, "GET /after")
    assert place.output.count("GET /before") == place.output.count("GET /after") == 1
    process.terminate()
    await asyncio.to_thread(process.wait, 10)


async def test_reader_that_has_seen_enough(edge, opened, place: Workplace) -> None:
    """`| head` ends the command without a word."""
    at = edge()
    at.origin.reply()
    window = await opened(at)
    for number in range(1000):
        await at.get(f"/{number:0100}")
    with running.claimed(place.folder), running.described(described(place, f"{window.url}/")):
        shell = f"{shlex.join(COMMAND)} | head -n 1"
        listed = await asyncio.to_thread(place.run, "bash", "-o", "pipefail", "-c", shell)
    assert (listed.returncode, listed.stdout.count("\n"), listed.stderr) == (0, 1, "")


async def test_no_window(place: Workplace) -> None:
    with running.claimed(place.folder), running.described(described(place, "")):
        listed = await asyncio.to_thread(place.run, *COMMAND)
    assert (listed.returncode, listed.stdout) == (1, "")
    assert listed.stderr == "The stack was started without the window (--no-window), which keeps the requests.\n"


async def test_nobody_there(place: Workplace) -> None:
    with running.claimed(place.folder), running.described(described(place, "http://127.0.0.1:9/")):
        listed = await asyncio.to_thread(place.run, *COMMAND)
    assert listed.returncode == 1
    assert listed.stderr.startswith("The window at http://127.0.0.1:9/ does not answer (")
