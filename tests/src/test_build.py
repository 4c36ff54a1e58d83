"""A function's zip as `sam build` makes it: its files, its byte code, and builds that fail."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import build

SOURCE = Path(build.__file__).parent
MAKEFILE = (SOURCE / "Makefile").read_text()
FUNCTIONS = dict(re.findall(r"^build-(\w+): PACKAGE = (\w+)", MAKEFILE, re.MULTILINE))
THIS = f"python{sys.version_info.major}.{sys.version_info.minor}"

TREE = {
    "function/__init__.py": "",
    "function/handler.py": "import shared.plain\ndef handler():\n    from shared import inside, name\n",
    "function/own.py": "import sys\nfrom . import handler\nimport json, other_module\n",
    "function/deep/page.html": "<!-- # -->",
    "function/__pycache__/own.cpython-311.pyc": "",
    "shared/__init__.py": "",
    "shared/plain.py": "from shared.package.module import name\n",
    "shared/inside.py": "from .package import sibling\nimport json, shared.missing\n",
    "shared/package/__init__.py": "from . import beside\n",
    "shared/package/module.py": "import shared.plain\n",
    "shared/package/sibling.py": "from ..up import name\n",
    "shared/package/beside.py": "",
    "shared/package/unused.py": "",
    "shared/up.py": "",
    "shared/unused.py": "import shared.up\n",
    "unused/__init__.py": "",
}


def write(folder: Path, tree: dict[str, str]) -> Path:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def project(folder: Path, tree: dict[str, str], runtime: str = THIS) -> Path:
    """A repository with a function of its own under src/, built for a Runtime."""
    write(folder, {"template.yaml": f"Globals:\n  Function:\n    Runtime: {runtime}\n"})
    write(folder / "src", {**tree, "Makefile": f"build-Function: PACKAGE = function\n{MAKEFILE}"})
    shutil.copy(SOURCE / "build.py", folder / "src")
    return folder / "src"


def make(
    source: Path, directory: Path, function: str = "Function", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Builds like SAM: in a copy of src/, with the Makefile of src/ itself."""
    copy = directory.with_name(f"{directory.name}-scratch")
    shutil.copytree(source, copy)
    command = ["make", "--silent", "--makefile", str(source / "Makefile"), f"build-{function}"]
    variables = {"PYTHON": sys.executable, "MAKEFLAGS": "", "ARTIFACTS_DIR": str(directory), **environment}
    return subprocess.run(command, cwd=copy, env={**os.environ, **variables}, capture_output=True, text=True)


def files(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_files(tmp_path):
    """The zip has the function's package, the modules that it imports, their packages, and byte code."""
    built = make(project(tmp_path / "project", TREE), tmp_path / "built")
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    unwanted = ("__pycache__", "unused")
    expected = {name: text.encode() for name, text in TREE.items() if not any(word in name for word in unwanted)}
    found = files(tmp_path / "built")
    compiled = {importlib.util.cache_from_source(name) for name in expected if name.endswith(".py")}
    assert {name: content for name, content in found.items() if name not in compiled} == expected
    assert compiled <= set(found)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_imports(tmp_path, function):
    """Every module of a zip can import its modules from this zip, and the zip has no other function."""
    assert make(SOURCE, tmp_path / "built", function, AUTHORIZER_REALM="").returncode == 0
    names = {name for name in files(tmp_path / "built") if name.endswith(".py")}
    assert {name.partition("/")[0] for name in names} <= {FUNCTIONS[function], "edge"}
    modules = sorted(name.removesuffix(".py").replace("/", ".") for name in names)
    folder = str(tmp_path / "built")
    program = f"import sys; sys.path[:0] = [{folder!r}]; import {', '.join(modules)}"
    run = subprocess.run([sys.executable, "-I", "-B", "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")


def test_same_bytes(tmp_path):
    """Two folders give the same files. Tracebacks name Lambda's folder, and the byte code is checked."""
    for name in ("one", "other folder"):
        assert make(project(tmp_path / name / "project", TREE), tmp_path / name / "built").returncode == 0
    one = files(tmp_path / "one" / "built")
    assert one == files(tmp_path / "other folder" / "built")
    compiled = {name: content for name, content in one.items() if name.endswith(".pyc")}
    assert len(compiled) == len([name for name in one if name.endswith(".py")])
    for name, content in compiled.items():
        assert f"/var/task/{importlib.util.source_from_cache(name)}".encode() in content
        assert content[4:8] == b"\3\0\0\0"  # PEP 552: the hash of the source follows, to be checked


@pytest.mark.parametrize("edit", ["", "\nraise SystemExit('edited')\n"])
def test_byte_code_is_used_until_the_source_is_edited(tmp_path, edit):
    """The Runtime's Python runs the byte code, and after an edit the new source."""
    make(project(tmp_path / "project", TREE), tmp_path / "built")
    module = tmp_path / "built" / "shared" / "up.py"
    module.write_text(module.read_text() + edit)
    program = f"import sys; sys.path[:0] = [{str(tmp_path / 'built')!r}]; import shared.up"
    log = [sys.executable, "-I", "-B", "-v", "-c", program]
    run = subprocess.run(log, capture_output=True, text=True)
    assert (run.returncode, "edited" in run.stderr) == ((1, True) if edit else (0, False))
    assert (f"code object from {module}\n" in run.stderr) == bool(edit)


def test_without_the_runtime(tmp_path):
    """Without the Runtime's Python, the build prints a line and makes a zip with source only."""
    built = make(project(tmp_path / "project", TREE, "python3.99"), tmp_path / "built")
    assert (built.returncode, built.stderr) == (0, "")
    assert built.stdout == (
        "This machine has no python3.99 that runs, so the zip of function holds source without byte code. "
        "The next deployment from a machine with python3.99 will publish a new version of every function.\n"
    )
    assert not [name for name in files(tmp_path / "built") if name.endswith(".pyc")]


def test_a_command_that_fails(tmp_path):
    """A version manager's command for a Python that is not installed is ignored."""
    shim = write(tmp_path / "bin", {"python3.99": "#!/bin/sh\necho 'command not found' >&2; exit 127\n"}) / "python3.99"
    shim.chmod(0o755)
    path = f"{shim.parent}:{os.environ['PATH']}"
    built = make(project(tmp_path / "project", TREE, "python3.99"), tmp_path / "built", PATH=path)
    assert (built.returncode, built.stdout.count("\n"), built.stderr) == (0, 1, "")


def test_in_a_container(tmp_path):
    """Without a template, as in SAM's build container, the running Python is the Runtime's."""
    source = project(tmp_path / "project", TREE)
    (tmp_path / "project" / "template.yaml").unlink()
    assert make(source, tmp_path / "built").stdout == ""
    assert importlib.util.cache_from_source("function/handler.py") in files(tmp_path / "built")


def test_no_runtime_in_the_template(tmp_path):
    """A template that names no Runtime is refused."""
    source = project(tmp_path / "project", TREE, "nodejs24.x")
    built = make(source, tmp_path / "built")
    template = tmp_path / "project" / "template.yaml"
    assert built.returncode == 2
    assert built.stderr.startswith(f"{template} names no Runtime. Add `Runtime: python3.13` under Globals.\n")


@pytest.mark.parametrize("named", [f'"{THIS}"', f"'{THIS}'", f"{THIS} # the one"])
def test_runtime_in_other_words(tmp_path, named):
    """A Runtime may stand in quotation marks, or with a comment behind it."""
    built = make(project(tmp_path / "project", TREE, named), tmp_path / "built")
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")


def test_runtime_in_one_line(tmp_path):
    """A Runtime may stand in a mapping of one line; a comment names none."""
    source = project(tmp_path / "project", TREE)
    template = f"# Runtime: python3.9\nGlobals: {{ Function: {{ Runtime: {THIS} }} }}\n"
    (tmp_path / "project" / "template.yaml").write_text(template)
    assert make(source, tmp_path / "built").stdout == ""


def test_two_runtimes(tmp_path):
    """A template that names two Pythons is refused: byte code is for one."""
    source = project(tmp_path / "project", TREE, "python3.12\n  Other:\n    Runtime: python3.13")
    built = make(source, tmp_path / "built")
    template = tmp_path / "project" / "template.yaml"
    assert built.returncode == 2
    assert built.stderr.startswith(f"{template} names python3.12 and python3.13, but byte code is for one Python.")


def wheel(folder: Path, tag: str, files: dict[str, str]) -> None:
    """A wheel `name-1.0-TAG.whl`, as in a package index."""
    metadata = {"METADATA": "Metadata-Version: 2.1\nName: compiled\nVersion: 1.0\n", "WHEEL": f"Wheel-Version: 1.0\n"
                f"Root-Is-Purelib: false\nTag: {tag}\n", "RECORD": "", "entry_points.txt":
                "[console_scripts]\ncompiled = compiled:main\n"}  # fmt: skip
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"compiled-1.0-{tag}.whl", "w") as archive:
        for name, text in {
            **files,
            **{f"compiled-1.0.dist-info/{key}": text for key, text in metadata.items()},
        }.items():
            archive.writestr(name, text)


@pytest.mark.long
def test_libraries(tmp_path):
    """A function's requirements are installed for Lambda's platform, with the same bytes each time."""
    here = f"cp{sys.version_info.major}{sys.version_info.minor}"
    for tag in (f"{here}-{here}-manylinux2014_x86_64", f"{here}-{here}-macosx_11_0_arm64", "cp27-cp27m-win32"):
        wheel(
            tmp_path / "wheels", tag, {"compiled/__init__.py": f"TAG = {tag!r}\n", "compiled/old.py": "print 'old'\n"}
        )
    tree = {**TREE, "function/requirements.txt": "compiled==1.0\n", "function/handler.py": "import compiled\n"}
    environment = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "wheels")}
    for name in ("one", "other"):
        source = project(tmp_path / f"project-{name}", tree)
        assert make(source, tmp_path / name, **environment).returncode == 0
    found = files(tmp_path / "one")
    assert found == files(tmp_path / "other")
    assert b"manylinux2014_x86_64" in found["compiled/__init__.py"]
    assert importlib.util.cache_from_source("compiled/__init__.py") in found
    assert not [name for name in found if name.startswith("bin/")]


def test_a_library_that_is_missing(tmp_path):
    """If pip cannot install a library for Lambda, the build fails with pip's message."""
    source = project(tmp_path / "project", {**TREE, "function/requirements.txt": "missing==1.0\n"})
    built = make(source, tmp_path / "built", PIP_NO_INDEX="1")
    assert (built.returncode, "No matching distribution found for missing==1.0" in built.stderr) == (2, True)


@pytest.mark.parametrize("path", ["function/own.py", "shared/plain.py"])
def test_syntax_error(tmp_path, path):
    """A syntax error in the function or an imported module fails the build with file and line."""
    source = project(tmp_path / "project", {**TREE, path: "def handler(event, context):\n    return {\n"})
    built = make(source, tmp_path / "built")
    assert built.returncode == 2
    assert built.stderr.startswith(f'  File "{path}", line 2\n')
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("path", ["function/__init__.py", "shared/package/__init__.py"])
def test_no_package(tmp_path, path):
    """A folder of modules without __init__.py fails the build, and the message names it."""
    source = project(tmp_path / "project", {name: text for name, text in TREE.items() if name != path})
    built = make(source, tmp_path / "built")
    assert built.returncode == 2
    assert built.stderr.startswith(f"src/{path} is missing. Add an empty file of this name.\n")
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize("python", ["no-such-python", "true", "echo"])
def test_no_python(tmp_path, python):
    """Without Python, or with another program in its place, the message says which version is needed."""
    built = make(SOURCE, tmp_path / "built", "AnyFunction", PYTHON=python)
    message = f"{python} is not Python 3.10 or later. Name one that is: PYTHON=python3.13 sam build"
    assert (built.returncode, message in built.stderr.splitlines()) == (2, True)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_oldest_python(path):
    """The oldest Python that can build reads every module."""
    ast.parse(path.read_bytes(), path, feature_version=(3, 10))
