"""docs/your-own.md, followed to the letter: the function that it adds builds, is linted and tested."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from only.choice import chosen
from only.reduction import reduce

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = (REPOSITORY / "docs" / "your-own.md").read_text()
HANDLER, BUILD, RESOURCES, ASSOCIATION, TEST, VISITS, TEST_OF_EVENTS = (
    textwrap.dedent(block) for block in re.findall(r"^   ```\w+\n(.*?)^   ```$", DOCUMENT, re.MULTILINE | re.DOTALL)
)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture(scope="module")
def own(tmp_path_factory, copied) -> Path:
    """A repository reduced to the redirect, with the function of the document on its default behavior."""
    folder = copied(tmp_path_factory.mktemp("own") / "own")
    reduce(folder, chosen(["redirect"]))
    write(folder / "src" / "language" / "__init__.py", "")
    write(folder / "src" / "language" / "handler.py", HANDLER)
    tests = folder / "tests" / "src" / "language"
    for name, text in {"test_handler": TEST, "visits": VISITS, "test_events": TEST_OF_EVENTS}.items():
        write(tests / f"{name}.py", text)
    event = json.loads((folder / "events" / "types" / "viewer-request.json").read_text())
    write(folder / "events" / "language" / "german.json", json.dumps(event))  # as if recorded: it asks for no German
    write(folder / "events" / "language" / "german.result.json", json.dumps(event["Records"][0]["cf"]["request"]))
    builds = (folder / "src" / "Makefile").read_text()
    write(folder / "src" / "Makefile", builds.replace("build-RedirectFunction", f"{BUILD}build-RedirectFunction", 1))
    template = (folder / "template.yaml").read_text()
    template = template.replace("Resources:\n", f"Resources:\n{textwrap.indent(RESOURCES, '  ')}\n", 1)
    associations = textwrap.indent(ASSOCIATION, " " * 10)
    write(
        folder / "template.yaml",
        template.replace("        CacheBehaviors:\n", f"{associations}        CacheBehaviors:\n"),
    )
    return folder


def run(folder: Path, tool: str, *arguments: str) -> str:
    """What a tool prints that succeeds."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_linted(own):
    """Template and code have no fault that the repository's own settings find."""
    assert run(own, "cfn-lint") == ""
    run(own, "ruff", "check", "--no-cache")
    run(own, "ruff", "format", "--check", "--no-cache")
    run(own, "mypy", "--cache-dir", "/dev/null", "src")


def test_built(own, tmp_path):
    """The build holds the function and what it imports of edge/."""
    subprocess.run(
        ["make", "--silent", "-C", "src", "build-LanguageFunction", f"ARTIFACTS_DIR={tmp_path}"], cwd=own, check=True
    )
    built = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")}
    assert built == {"language/__init__.py", "language/handler.py", "edge/__init__.py", "edge/cloudfront.py"}


def test_tested(own):
    """Its tests pass there, that of its events, too; and one would fail if the function did nothing."""
    test = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/src/language")
    assert "2 passed" in run(own, "python", *test)
    write(own / "src" / "language" / "handler.py", HANDLER.replace('request["uri"] = "/de/index.html"', "pass"))
    assert subprocess.run([sys.executable, *test], cwd=own, capture_output=True).returncode == 1


def test_recorded(own):
    """What is to be recorded of it is found."""
    found = run(own, "python", "-c", "from tests.events.record import VISITS; print(*[visit.name for visit in VISITS])")
    assert "language/german" in found.split()


def test_functions():
    """The document names the functions that there are."""
    (named,) = re.findall(r"^make only FUNCTION=signer +# (.*)$", DOCUMENT, re.MULTILINE)
    assert re.split(r", | or ", named) == ["authorizer", "signer", "router", "redirect", "security_headers"]
