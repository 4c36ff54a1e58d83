"""Builds the contents of a function's zip: `build.py MAKEFILE DIRECTORY PACKAGE [SETTING]`.

Run build.py in the folder that holds PACKAGE. DIRECTORY receives the package, every module of that folder that the
package imports directly or indirectly, and the libraries that the package's requirements.txt names. It receives all of
them as source and as byte code: without byte code, Lambda would compile the source at every cold start. SETTING is a
program that changes the source in DIRECTORY before build.py compiles it. MAKEFILE is the path of src/Makefile.
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

# Lambda unpacks the zip here. Byte code holds this path, so that tracebacks name the files in Lambda.
TASK = "/var/task"
# pip's names for the compiled libraries that Lambda's x86_64 runtimes can load: Amazon Linux 2 has glibc 2.26, and
# Amazon Linux 2023, from python3.12 on, has glibc 2.34 (PEP 600).
OLD_PLATFORMS = ("manylinux2014_x86_64",)
PLATFORMS = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", *OLD_PLATFORMS)


def main(makefile: str, directory: str, package: str, *setting: str) -> None:
    """Build a package into a directory. Exits with a message if that fails."""
    files = needed(package)
    directory = str(Path(directory))
    runtime = named_runtime(Path(makefile))
    compiler = python(runtime)
    if not compiler:
        print(  # noqa: T201 - sam shows it
            f"This machine has no {runtime} that runs, so the zip of {package} holds source without byte code. "
            f"The next deployment from a machine with {runtime} will publish a new version of every function."
        )
    requirements = Path(package, "requirements.txt")
    if requirements.is_file():
        install(requirements, directory, runtime)
        byte_code(compiler, directory, ".")  # Some libraries hold files for other Pythons: these remain source.
    for file in files:
        target = Path(directory, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    if setting:
        run(sys.executable, *setting, directory)
    if not byte_code(compiler, directory, *sorted({file.parts[0] for file in files})):
        sys.exit(f"{runtime} cannot compile {package} or a module that it imports: see the file and line named above.")


def needed(package: str) -> list[Path]:
    """The files of a package in the working directory and the modules in that directory that it imports, sorted."""
    here = Path.cwd()
    for folder in sorted({here / package, *(path.parent for path in here.glob("*/**/*.py"))}):
        if not (folder / "__init__.py").is_file():
            sys.exit(f"src/{folder.relative_to(here)}/__init__.py is missing. Add an empty file of this name.")
    files = {path for path in Path(package).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    finder = Finder([str(here)])
    for module in sorted(path for path in files if path.suffix == ".py"):
        finder.import_hook(".".join(module.with_suffix("").parts))
    found = [module.__file__ for module in finder.modules.values()]  # type: ignore[attr-defined]  # typeshed lacks it
    return sorted(files | {Path(file).relative_to(here) for file in found if file})  # modules in C have no file


class Finder(ModuleFinder):
    """Finds the modules that a module imports. Exits with file and line if one of them has a syntax error."""

    def load_module(self, fqname: str, fp: Any, pathname: str, file_info: Any) -> Any:
        """Load a module. The base class ignores a syntax error in an imported module; this method exits."""
        try:
            return super().load_module(fqname, fp, pathname, file_info)
        except SyntaxError as error:
            error.filename = os.path.relpath(pathname)
            reason = "".join(traceback.format_exception_only(type(error), error)).rstrip()
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            sys.exit(f"{reason}\nPython {version} read this file. For newer syntax: PYTHON=python3.13 sam build")


def named_runtime(makefile: Path) -> str:
    """The Runtime that template.yaml names, such as `python3.13`.

    SAM builds in a copy of src/ but runs the Makefile of src/ itself, so the template is in the Makefile's parent
    folder. SAM's build container has no template; there, the running Python is the Runtime's.
    """
    template = makefile.absolute().parent.parent / "template.yaml"
    if not template.is_file():
        return f"python{sys.version_info.major}.{sys.version_info.minor}"
    text = template.read_text(encoding="utf-8")
    named = sorted(set(re.findall(r"^[^#\n]*\bRuntime\"?: *[\"']?(python3\.\d+)", text, re.MULTILINE)))
    if not named:
        sys.exit(f"{template} names no Runtime. Add `Runtime: python3.13` under Globals.")
    if len(named) > 1:
        sys.exit(f"{template} names {' and '.join(named)}, but byte code is for one Python. Name one Runtime.")
    return str(named[0])


def python(runtime: str) -> str:
    """The path of a CPython of the runtime's version; empty if this machine has none.

    Runs each candidate, because a version manager's command may exist and fail. pyenv's command runs the version that
    PYENV_VERSION names.
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
    """Install libraries for Lambda's platform, which may differ from this machine's."""
    version = runtime.replace("python", "")
    platforms = PLATFORMS if int(version.partition(".")[2]) >= 12 else OLD_PLATFORMS
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
        *("--requirement", str(requirements), "--target", directory, "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", version),
        *(option for platform in platforms for option in ("--platform", platform)),
    )
    # The first line of each command in bin/ names this machine's Python, and RECORD holds the hash of each command.
    # Without both, every machine builds the same zip.
    shutil.rmtree(Path(directory, "bin"), ignore_errors=True)
    for record in Path(directory).glob("*.dist-info/RECORD"):
        record.unlink()


def byte_code(compiler: str, directory: str, *folders: str) -> bool:
    """Compile the modules in folders of a directory. Returns False if one of them did not compile.

    Without a compiler this does nothing and returns True. Byte code holds the hash of its source instead of a time
    (PEP 552), so the same source gives the same zip, and Python compiles a file again that was edited in Lambda's
    console.
    """
    program = [compiler, "-I", "-m", "compileall", "-q", "--invalidation-mode", "checked-hash"]
    program += ["-s", directory, "-p", TASK, *(str(Path(directory, folder)) for folder in folders)]
    return not compiler or subprocess.run(program, stdout=sys.stderr).returncode == 0  # noqa: S603 - a Python


def run(*program: str) -> None:
    """Run a program. If it fails, exit with its status: the program has printed the reason."""
    status = subprocess.run(program).returncode  # noqa: S603 - a program of ours, or pip
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
