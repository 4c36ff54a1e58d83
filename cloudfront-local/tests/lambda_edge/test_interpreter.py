"""Functions run on the Python that their Runtime names, if this machine has it."""

import platform
import sys
from pathlib import Path

import pytest

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter

OWN = "python{}.{}".format(*sys.version_info)
PROGRAM = Path(sys.executable).resolve()


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Puts a command on the path: command(name, shell script). Returns its path."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    interpreter.find.cache_clear()
    interpreter.node.cache_clear()

    def write(name: str, script: str) -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    yield write
    interpreter.find.cache_clear()
    interpreter.node.cache_clear()


def test_own_version():
    """The Python that runs the tool runs the functions of its own version."""
    assert interpreter.find(OWN) == sys.executable


def test_a_command_of_that_version(command):
    """The command named like the Runtime counts if it is a CPython of that version; it says where its program is."""
    command("python3.99", "echo cpython python3.99 /opt/the python")
    assert interpreter.find("python3.99") == "/opt/the python"


def test_a_shim_of_pyenv(command):
    """A version manager's command runs the version that PYENV_VERSION names."""
    command("python3.99", 'test "$PYENV_VERSION" = 3.99 && echo cpython python3.99 /versions/3.99')
    assert interpreter.find("python3.99") == "/versions/3.99"


@pytest.mark.parametrize(
    "script", ["exit 127", "echo cpython python3.98 /wrong/version", "echo pypy python3.99 /other/implementation", ":"]
)
def test_a_command_that_is_none(command, script):
    """A command that fails, or starts another Python, does not count."""
    command("python3.99", script)
    assert interpreter.find("python3.99") is None


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.9"])
def test_a_command_that_is_too_old(command, version):
    """A Python that cannot run the sandbox's own program does not count: another one has to do."""
    command(f"python{version}", f"echo cpython python{version} /old/python")
    assert interpreter.find(f"python{version}") is None
    assert interpreter.program(f"python{version}") == sys.executable


@pytest.mark.parametrize("runtime", ["nodejs8.10", "nodejs22.x", "nodejs99.x"])
def test_any_node(command, runtime):
    """The command `node` runs all runtimes of Node.js, if its version is 18 or later."""
    command("node", "echo v18.0.1 /opt/the node")
    assert (interpreter.find(runtime), interpreter.node()[0]) == ("/opt/the node", "18.0.1")
    assert interpreter.substitutes([runtime]) == {"Node.js 18.0.1": [runtime]}


@pytest.mark.parametrize("script", ["exit 127", "echo v17.9.1 /old/node", "echo vNaN /no/node", ":"])
def test_a_node_that_is_none(command, script):
    """A command `node` that fails, or is too old, does not count."""
    command("node", script)
    assert interpreter.find("nodejs22.x") is None
    with pytest.raises(LocalError, match=r"^nodejs22.x needs Node.js 18 or later on this machine, "):
        interpreter.program("nodejs22.x")


def test_substitutes(command):
    """Pythons that stand in for others are named with their version; this Python and a found one are not."""
    command("python3.99", "echo cpython python3.99 /opt/python")
    assert interpreter.substitutes([OWN, "python3.99", "python3.98"]) == {
        f"Python {platform.python_version()}": ["python3.98"]
    }
    assert interpreter.program("python3.98") == sys.executable


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize("runtime", ["python3.99", "ruby3.4"])
def test_a_machine_without_it(runtime):
    """Without such a command there is none, and other languages have none."""
    assert interpreter.find(runtime) is None


async def test_functions_run_on_it(function, tmp_path):
    """The function's process is the Python that the function's configuration names."""
    link = tmp_path / "python3.99"
    link.symlink_to(PROGRAM)
    function.program = str(link)
    function.write("import sys\ndef handler(event, context): return sys.executable")
    assert await function.invoke() == str(link)
