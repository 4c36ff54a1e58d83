"""After an edit, the next request runs the new source."""

import asyncio
import datetime

import pytest

from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.lambda_edge.artifact import RETRY, Artifact
from cloudfront_local.lambda_edge.source_folder import Source, fingerprint

VERSION = "import os\ndef handler(event, context): return [{!r}, os.getpid()]"


async def version(runtime, function):
    return (await runtime.invoke(function.arn, None))[0]


async def pid(runtime, function):
    return (await runtime.invoke(function.arn, None))[1]


async def test_an_edit_is_used_by_the_next_request(function):
    """Edited, added and removed files make the next request run a new build; otherwise nothing is built."""
    function.write("def handler(event, context):\n    import app.name\n    return [app.name.NAME]")
    function.write("NAME = 'one'", "app/name.py")
    async with function.running() as runtime:
        assert await version(runtime, function) == "one"
        assert await version(runtime, function) == "one"
        assert function.built == 1
        function.write("NAME = 'two'", "app/name.py")
        assert await version(runtime, function) == "two"
        function.write("NAME = 'three'", "app/name/__init__.py")
        assert await version(runtime, function) == "three"
        (function.source / "app" / "name" / "__init__.py").unlink()
        (function.source / "app" / "name").rmdir()
        assert await version(runtime, function) == "two"
        assert function.built == 4


async def test_files_that_are_not_source_are_ignored(function):
    """Bytecode and hidden files do not cause a build."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        await version(runtime, function)
        function.write("", "app/__pycache__/handler.cpython-313.pyc")
        function.write("", "app/.handler.py.swp")
        function.write("", ".mypy_cache/x")
        await version(runtime, function)
    assert function.built == 1


async def test_a_failed_build_is_reported_until_the_next_edit(function):
    """If the build fails, requests fail with its output. It is not repeated until the source is edited."""
    function.write(VERSION.format("one"))
    function.write("", "broken")
    async with function.running() as runtime:
        for _ in range(3):
            with pytest.raises(FunctionFailed) as caught:
                await version(runtime, function)
            failed = caught.value
            assert str(failed) == "shop-Greeter-1A2B: its source does not build: Error: app is broken"
            assert (failed.kind, failed.detail) == ("build", "Building\nError: app is broken")
        assert function.built == 1
        function.write("still", "broken")
        with pytest.raises(FunctionFailed):
            await version(runtime, function)
        assert function.built == 2
        (function.source / "broken").unlink()
        assert await version(runtime, function) == "one"
        assert function.built == 3


MAKE = """`sam build` of template.yaml failed. Correct the error below and save:
  Error: CustomMakeBuilder:MakeBuild - Make Failed: File "{file}", line 19
      def broken(x)
                   ^
  SyntaxError: expected ':'
  make: *** [Makefile:23: build-Greeter] Error 1"""


@pytest.mark.parametrize("file", ["app/handler.py", "/copy/of/source/app/handler.py"])
async def test_a_syntax_error_that_the_build_finds(function, monkeypatch, file):
    """A failed build shows the developer's own file, the line and the text of the line, and says to save."""
    monkeypatch.chdir(function.source.parent)
    function.write(VERSION.format("one"))
    function.write(MAKE.format(file=file), "broken")
    with pytest.raises(FunctionFailed) as caught:
        await function.invoke()
    assert caught.value.message == "syntax error in source/app/handler.py, line 19: expected ':'"
    assert caught.value.detail == (
        '  File "source/app/handler.py", line 19\n    def broken(x)\n                 ^\n'
        "SyntaxError: expected ':'\nCorrect the line and save the file: the next request runs the new code."
    )


async def test_a_syntax_error_elsewhere(function):
    """A syntax error in a file that is not the developer's, such as a library's, leaves the build's output as it is."""
    function.write(VERSION.format("one"))
    function.write(MAKE.format(file="/lib/site-packages/other.py"), "broken")
    with pytest.raises(FunctionFailed) as caught:
        await function.invoke()
    assert caught.value.detail == MAKE.format(file="/lib/site-packages/other.py")


async def test_a_failed_build_is_tried_again_later(function):
    """A build that failed for want of disk, or of anything but its source, is tried again after some seconds."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        function.builds.rmdir()
        function.builds.write_text("no folder can be made here")
        for _ in range(2):
            with pytest.raises(FunctionFailed, match="does not build"):
                await version(runtime, function)
        function.builds.unlink()
        with pytest.raises(FunctionFailed, match="does not build"):
            await version(runtime, function)
        function.now += datetime.timedelta(seconds=RETRY)
        assert await version(runtime, function) == "one"


async def test_an_edit_during_a_build(function):
    """A build that an edit has overtaken is repeated for the same request."""
    function.write(VERSION.format("one"))
    function.may_build.clear()
    async with function.running() as runtime:
        request = asyncio.create_task(version(runtime, function))
        await function.until(lambda: function.built)
        function.write(VERSION.format("two"))
        function.may_build.set()
        assert await request == "two"
        assert function.built == 2


async def test_an_edit_taken_back_needs_no_build(function):
    """After a failed build, undoing the edit runs the previous build again."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        before = await pid(runtime, function)
        function.write("", "broken")
        with pytest.raises(FunctionFailed):
            await pid(runtime, function)
        (function.source / "broken").unlink()
        assert await pid(runtime, function) == before
        assert function.built == 2


async def test_one_build_for_many_requests(function):
    """Simultaneous requests wait for one build; if it fails, they all fail."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        await asyncio.gather(*(version(runtime, function) for _ in range(10)))
        assert function.built == 1
        function.write("", "broken")
        results = await asyncio.gather(*(version(runtime, function) for _ in range(10)), return_exceptions=True)
        assert {type(result) for result in results} == {FunctionFailed}
        assert function.built == 2


async def test_a_cancelled_build_is_started_again(function):
    """A request that is cancelled during its build leaves no files, and the next request builds."""
    function.write(VERSION.format("one"))
    function.may_build.clear()
    async with function.running() as runtime:
        request = asyncio.create_task(version(runtime, function))
        await function.until(lambda: function.built)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert list(function.builds.iterdir()) == []
        function.may_build.set()
        assert await version(runtime, function) == "one"


async def test_the_same_build_keeps_the_processes(function):
    """An edit that does not change the artifact keeps the processes, as AWS publishes no new version for it."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        before = await pid(runtime, function)
        function.write("another function's", "unrelated")
        assert await pid(runtime, function) == before
        assert function.built == 2
        assert len(list(function.builds.iterdir())) == 1


async def test_old_builds_are_removed(function):
    """One build exists at a time, and none after the runtime was closed."""
    async with function.running() as runtime:
        for name in ("one", "two", "three"):
            function.write(VERSION.format(name))
            assert await version(runtime, function) == name
        await function.until(lambda: len(list(function.builds.iterdir())) == 1)
    assert list(function.builds.iterdir()) == []


async def test_a_running_request_keeps_its_build(function, tmp_path):
    """A handler that imports late finds the files of its build, even after an edit; later they are removed."""
    function.write("""
import pathlib, time
def handler(event, context):
    if event:
        pathlib.Path(event, "started").touch()
        while not pathlib.Path(event, "go").exists():
            time.sleep(0.01)
    import app.late
    return [app.late.NAME]
""")
    function.write("NAME = 'old'", "app/late.py")
    async with function.running() as runtime:
        old = asyncio.create_task(runtime.invoke(function.arn, str(tmp_path)))
        await function.until((tmp_path / "started").exists)
        function.write("NAME = 'newer'", "app/late.py")
        assert await version(runtime, function) == "newer"
        (tmp_path / "go").touch()
        assert await old == ["old"]
        await function.until(lambda: len(list(function.builds.iterdir())) == 1)


async def test_a_build_that_exists_is_used(function):
    """A build that exists already is used until the source changes, and is never removed."""
    function.write(VERSION.format("one"))
    built = function.builds / "earlier"
    async with function.running() as runtime:
        await function.copy_source(built)
        made_from = fingerprint(function.source)
        function.artifact = Artifact(Source(function.source), function.build, built=built, built_from=made_from)
        assert await version(runtime, function) == "one"
        assert function.built == 0
    assert built.exists()


async def test_a_build_that_is_out_of_date_is_not_used(function):
    """An edit between the fingerprint and the first request causes a new build."""
    function.write(VERSION.format("one"))
    built = function.builds / "earlier"
    async with function.running() as runtime:
        made_from = fingerprint(function.source)
        await function.copy_source(built)
        function.write(VERSION.format("two!"))
        function.artifact = Artifact(Source(function.source), function.build, built=built, built_from=made_from)
        assert await version(runtime, function) == "two!"


async def test_a_build_that_was_deleted_is_made_again(function):
    """If the build folder was deleted, the next request builds again."""
    function.write(VERSION.format("one"))
    async with function.running() as runtime:
        assert await version(runtime, function) == "one"
        for folder in function.builds.iterdir():
            folder.rename(folder.with_suffix(".gone"))
        assert await version(runtime, function) == "one"
        assert function.built == 2


def test_a_missing_folder_has_a_fingerprint(tmp_path):
    """A missing source folder has the fingerprint of an empty one."""
    assert fingerprint(tmp_path / "nowhere") == fingerprint(tmp_path)
