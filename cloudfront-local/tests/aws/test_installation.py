"""The environment of the embedded AWS and sam, made by `cloudfront-local install` of a package with a small list."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "cloudfront_local"


def make_wheel(folder, name):
    """A package whose module says hello."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "print('hello')\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


class Installer:
    """`cloudfront-local install` of a copy whose list names `packages`, with those of `wheels` at hand, no network."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self._copy = folder / "copy"
        self._wheels = folder / "wheels"
        self._wheels.mkdir()
        shutil.copytree(PACKAGE, self._copy / "cloudfront_local", ignore=shutil.ignore_patterns("__pycache__"))
        self.list("one")

    def list(self, *packages: str) -> None:
        lines = "".join(f"{name}==1.0\n" for name in packages)
        (self._copy / "cloudfront_local" / "aws" / "aws.txt").write_text(lines)

    def provide(self, *packages: str) -> None:
        for name in packages:
            make_wheel(self._wheels, name)

    def withdraw(self) -> None:
        for wheel in self._wheels.iterdir():
            wheel.unlink()

    def start(self) -> "subprocess.Popen[str]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= {
            "CLOUDFRONT_LOCAL_CACHE": str(self.cache),
            "PYTHONPATH": str(self._copy),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self._wheels),
        }
        command = [sys.executable, "-m", "cloudfront_local", "install"]
        # From the copy's folder, for `-m` looks for the package in the current folder first.
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self._copy, env=environment, **pipes)

    def run(self) -> tuple[int, str, str]:
        process = self.start()
        output, errors = process.communicate(timeout=120)
        return process.returncode, output.strip(), errors


@pytest.fixture
def installer(tmp_path):
    return Installer(tmp_path)


def says(folder, module):
    """What a module prints there. Without a folder, `python` would be another Python, and its `pytest` these tests."""
    assert Path(folder).is_absolute(), "nothing was installed"
    return subprocess.run([Path(folder, "python"), "-m", module], capture_output=True, text=True).stdout


def test_installs(installer):
    """The listed packages are installed, apart from all others; where, how much and why is said."""
    installer.provide("one")
    status, folder, errors = installer.run()
    assert (status, says(folder, "one"), says(folder, "pytest")) == (0, "hello\n", "")
    environment = Path(folder).parent
    assert environment.parent == installer.cache
    assert errors.splitlines()[0] == (
        f"Installing the embedded AWS (ministack) and sam into {environment}: 1 packages, 180 MB, once. "
        "There they cannot clash with the packages of your project."
    )


def test_once(installer):
    """Later starts find the environment, say nothing, and need no packages."""
    installer.provide("one")
    _, folder, _ = installer.run()
    installer.withdraw()
    assert installer.run() == (0, folder, "")


def test_another_list(installer):
    """Another version of the tool, with another list, has another environment."""
    installer.provide("one", "two")
    _, folder, _ = installer.run()
    installer.list("two")
    status, other, _ = installer.run()
    assert (status, other != folder, says(other, "two"), says(other, "one")) == (0, True, "hello\n", "")


def test_interrupted(installer):
    """An environment that was left half made is made anew."""
    installer.provide("one")
    _, folder, _ = installer.run()
    (Path(folder).parent / "installed").unlink()
    (Path(folder) / "python").unlink()
    assert installer.run()[:2] == (0, folder)
    assert says(folder, "one") == "hello\n"


def test_two_at_once(installer):
    """Of two that start at once, one makes the environment, and the other waits for it."""
    installer.provide("one")
    processes = [installer.start(), installer.start()]
    answers = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len({output for output, _ in answers}) == 1
    assert sum("Installing the embedded AWS" in errors for _, errors in answers) == 1


def test_no_network(installer):
    """Packages that cannot be had: the last lines of pip, and what it needs; the next start tries again."""
    status, output, errors = installer.run()
    assert (status, output) == (1, "")
    assert "The embedded AWS and sam could not be installed. pip needs the network for it" in errors
    assert "No matching distribution found for one==1.0" in errors
    installer.provide("one")
    assert installer.run()[0] == 0


def test_folder_refused(installer):
    """A folder that cannot be made: which one, why, and how to name another."""
    installer.cache.write_text("")
    status, _, errors = installer.run()
    assert (status, errors) == (
        1,
        f"The embedded AWS and sam cannot be installed into {installer.cache}: File exists. "
        "Name another folder with CLOUDFRONT_LOCAL_CACHE.\n",
    )
