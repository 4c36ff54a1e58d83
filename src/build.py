"""Builds a function for its zip: `build.py MAKEFILE DIRECTORY PACKAGE [SETTING]`, in the folder that holds the package.

The zip holds the package, the modules beside it that it imports (directly or not, wherever the statement stands), and
the libraries that its requirements.txt names: as readable source, and as byte code, or else Lambda would compile the
source at every cold start. SETTING is a program that changes the build before byte code is made of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import traceback
from modulefinder import ModuleFinder
from pathlib import Path
from typing import Any

# Where Lambda unpacks the zip: tracebacks name the files there.
TASK = "/var/task"
# The compiled libraries that Lambda's x86_64 runtimes can load.
PLATFORM = "manylinux2014_x86_64"


def main(makefile: str, directory: str, package: str, *setting: str) -> None:
    """Build into a directory. Exits with a message that says what is wrong."""
    files = needed(package)
    directory = str(Path(directory))
    runtime = named_runtime(Path(makefile))
    compiler = python(runtime)
    if not compiler:
        print(  # noqa: T201 - sam shows it
            f"No {runtime} runs on this machine, so the zip of {package} holds source alone, without byte code. "
            f"A machine that has {runtime} will publish every function anew."
        )
    requirements = Path(package, "requirements.txt")
    if requirements.is_file():
        install(requirements, directory, runtime)
        byte_code(compiler, directory, ".")  # Some libraries hold files for other Pythons: these stay source.
    for file in files:
        target = Path(directory, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    if setting:
        run(sys.executable, *setting, directory)
    if not byte_code(compiler, directory, *sorted({file.parts[0] for file in files})):
        sys.exit(f"{runtime} cannot compile {package} or what it imports: the lines above name file and line.")


def needed(package: str) -> list[Path]:
    """The files of a package in the working directory, and of the modules there that it imports, sorted."""
    here = Path.cwd()
    for folder in sorted({here / package, *(path.parent for path in here.glob("*/**/*.py"))}):
        if not (folder / "__init__.py").is_file():
            sys.exit(f"src/{folder.relative_to(here)}/__init__.py is missing. Add it, an empty file, for imports.")
    files = {path for path in Path(package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    finder = Finder([str(here)])
    for module in sorted(path for path in files if path.suffix == ".py"):
        finder.import_hook(".".join(module.with_suffix("").parts))
    found = [module.__file__ for module in finder.modules.values()]  # type: ignore[attr-defined]  # typeshed lacks it
    return sorted(files | {Path(file).relative_to(here) for file in found if file})  # modules in C have no file


class Finder(ModuleFinder):
    """Finds the modules that a module imports. Exits with file and line where one of them is no Python."""

    def load_module(self, fqname: str, fp: Any, pathname: str, file_info: Any) -> Any:
        """As in the base class, which passes over the syntax errors of modules that others import."""
        try:
            return super().load_module(fqname, fp, pathname, file_info)
        except SyntaxError as error:
            error.filename = os.path.relpath(pathname)
            sys.exit("".join(traceback.format_exception_only(type(error), error)).rstrip())


def named_runtime(makefile: Path) -> str:
    """The Runtime that template.yaml names, such as `python3.13`.

    SAM builds in a copy of src/ but uses the Makefile of src/ itself, and the template lies above. SAM's build
    container has no template; its Python is that of the Runtime.
    """
    template = makefile.absolute().parent.parent / "template.yaml"
    if not template.is_file():
        return f"python{sys.version_info.major}.{sys.version_info.minor}"
    named = re.search(r"^ +Runtime: *(python3\.\d+)", template.read_text(encoding="utf-8"), re.MULTILINE)
    return named[1] if named else sys.exit(f"{template} names no Runtime. Add one under Globals: Runtime: python3.13")


def python(runtime: str) -> str:
    """The path of a CPython of this version, found by running it; empty if there is none.

    A version manager's command may be there and fail. pyenv's runs the version that PYENV_VERSION names.
    """
    version = runtime.replace("python", "")
    tag = f"cpython-{version.replace('.', '')}"
    for command in (sys.executable, runtime):
        program = [command, "-I", "-c", "import sys; print(sys.implementation.cache_tag, sys.executable)"]
        environment = {**os.environ, "PYENV_VERSION": version}
        try:
            answer = subprocess.run(program, env=environment, capture_output=True, text=True)  # noqa: S603 - a Python
        except OSError:
            continue
        found, _, path = answer.stdout.strip().partition(" ")
        if found == tag:
            return path
    return ""


def install(requirements: Path, directory: str, runtime: str) -> None:
    """Install libraries as Lambda needs them, whatever this machine is."""
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
        *("--requirement", str(requirements), "--target", directory, "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", runtime.replace("python", ""), "--platform", PLATFORM),
    )
    # Commands name the Python of this machine in their first line, and RECORD holds their hashes.
    shutil.rmtree(Path(directory, "bin"), ignore_errors=True)
    for record in Path(directory).glob("*.dist-info/RECORD"):
        record.unlink()


def byte_code(compiler: str, directory: str, *folders: str) -> bool:
    """Compile the modules in folders of a directory. Returns whether all could be; without a compiler none has to.

    The byte code holds the hash of its source (PEP 552) and no time: the same source gives the same zip, and Python
    compiles anew what somebody edits in Lambda's console.
    """
    program = [compiler, "-I", "-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
    program += ["-s", directory, "-p", TASK, *(str(Path(directory, folder)) for folder in folders)]
    return not compiler or subprocess.run(program, stdout=sys.stderr).returncode == 0  # noqa: S603 - a Python


def run(*program: str) -> None:
    """Exits as the program does, which says itself what is wrong."""
    status = subprocess.run(program).returncode  # noqa: S603 - a program of ours, or pip
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
