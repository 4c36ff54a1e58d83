"""The reduced repository: nothing in it is about what is gone."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from only.parts import PARTS, STARTER

REPOSITORY = Path(__file__).parents[2]


def gone(folder: Path) -> list:
    """The parts that are gone."""
    return [part for name, part in PARTS.items() if name not in folder.name.split()]


def texts(folder: Path, *patterns: str) -> dict[str, str]:
    """What is in files, by their paths."""
    paths = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(paths)}


def found(pattern: str, files: dict[str, str]) -> list[str]:
    return [f"{name}: {line}" for name, text in files.items() for line in text.splitlines() if re.search(pattern, line)]


def any_word(words) -> str:
    return rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])" if words else "(?!)"


def test_names(reduced):
    """Nothing but a test's own template has a name of a resource, a parameter or an output that is gone."""
    kept = {name for part in PARTS.values() if part not in gone(reduced) for name in part.names}
    names = [name for part in gone(reduced) for name in (*part.names, *part.functions) if name not in kept]
    files = texts(
        reduced, "*.*", "Makefile", ".ci/*", "src/**/*", "stack/**/*.py", "local/**/*.py", "site/**/*.*", "lint/*"
    )
    del files["README.md"]
    assert found(any_word(names), {name: text for name, text in files.items() if "__pycache__" not in name}) == []


def test_imports(reduced):
    """No module imports one that is gone; but the data of lint's tests, which is code of a stack of its own."""
    packages = {"benchmarks", "only", *(package for part in gone(reduced) for package in part.packages)}
    here = {"src": reduced / "src", "": reduced}
    for path in (path for path in reduced.rglob("*.py") if "templates" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.partition(".")[0] not in packages, path
                if name.split(".")[0] in ("edge", "local", "stack", "lint"):
                    module = Path(*name.split("."))
                    places = [root / each for root in here.values() for each in (module, module.with_suffix(".py"))]
                    assert any(place.exists() for place in places), f"{path}: {name}"


def test_files(reduced):
    """What is named for a function goes and stays with it."""
    kept = {name for part in PARTS.values() if part not in gone(reduced) for name in part.packages}
    assert {path.parent.name for path in (reduced / "src").glob("*/__init__.py")} == {"edge", *kept}
    for package in kept:
        assert list((reduced / "tests" / "src" / package).glob("test_*.py"))
    for part in [*gone(reduced), STARTER]:
        assert not [name for name in part.files if (reduced / name).exists()]
    folders = [path for path in reduced.rglob("*") if path.is_dir() and ".git" not in path.parts]
    assert [folder for folder in folders if not any(folder.iterdir())] == []


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (".ci/run", r"test-fork"),
        ("pyproject.toml", r"fork|benchmarks|only"),
        ("Makefile", r"\b(bench|only|test-fork)\b"),
    ],
)
def test_settings(reduced, name, pattern):
    """No file of settings has a word about what is gone."""
    assert found(pattern, texts(reduced, name)) == []


def test_targets(reduced):
    """The Makefile has the target for further Regions where there are files in them."""
    text = (reduced / "Makefile").read_text()
    assert ("deploy-region" in text) == ("router" in reduced.name.split())
    assert re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split() == re.findall(
        r"^([a-z-]+):(?!=)", text, re.MULTILINE
    )


def test_pages(reduced):
    """Every link and every script leads to what is there, and every page is linked from each."""
    pages = set((reduced / "site").rglob("*.html"))
    for page in pages:
        named = re.findall(r'(?:href|src|action)="/([^"?]*)"', page.read_text())
        there = [name for name in named if name != "demo/submit"]
        assert all((reduced / "site" / name).exists() for name in there), page
        navigated = {name or "index.html" for name in re.findall(r'<li><a href="/([^"]*)"', page.read_text())}
        assert navigated == {str(path.relative_to(reduced / "site")) for path in pages} - {"demo/other.html"}
    scripts = {path.name for path in (reduced / "site" / "scripts").iterdir()} - {"page.js"}
    assert scripts == {name for page in pages for name in re.findall(r'src="/scripts/([^"]+)"', page.read_text())}
    assert found(r'fetch|ask\("/(api|files)', texts(reduced, "site/scripts/overview.js")) == []


def test_documents(reduced):
    """No relative link in a document leads nowhere; no table has a row about a command that is gone."""
    commands = [command for part in gone(reduced) for command in part.commands]
    for name, text in texts(reduced, "*.md", "docs/*.md", "local/*.md", "lint/*.md", "events/*.md").items():
        targets = re.findall(r"\]\(([^):#\s]+)(?:#[^)]*)?\)", text)
        assert [target for target in targets if not (reduced / name).parent.joinpath(target).exists()] == [], name
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert [row for row in rows if re.search(rf"`{any_word(commands)}", row)] == [], name


def test_readme(reduced):
    """The README says what this is, how it is run, and where to read on."""
    text = (reduced / "README.md").read_text()
    kept = reduced.name.split()
    assert re.findall(r"^- \*\*`src/(\w+)`\*\*", text, re.MULTILINE) == kept
    assert all(command in text for command in ("make local", "make test", "sam build && sam deploy"))
    assert ("users add" in text) == ("authorizer" in kept)
    assert max(map(len, text.splitlines())) <= 120
    if "signer" in kept:
        assert "(docs/signer.md)" in text


def test_shared_modules(reduced):
    """Of src/edge stays what a function imports, and the vocabulary for the next function."""
    there = {path.stem for path in (reduced / "src" / "edge").glob("*.py")}
    assert there >= {"__init__", "cloudfront", "log"}
    if not {"authorizer", "signer", "router"} & set(reduced.name.split()):
        assert there == {"__init__", "cloudfront", "log"}
    tests = {path.stem for path in (reduced / "tests" / "src" / "edge").glob("test_*.py")}
    assert {"test_cloudfront", "test_log"} <= tests
    assert ("test_sigv4" in tests) == ("sigv4" in there)


def test_style(reduced):
    """What stays is as ruff wants it."""
    program = Path(sys.executable).with_name("ruff")
    for arguments in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        run = subprocess.run([program, *arguments, "."], cwd=reduced, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout


def test_all_functions(clone):
    """All functions at once leave all of them, without what the starter alone has use for."""
    before = (clone.folder / "template.yaml").read_text()
    assert clone.only(*PARTS).returncode == 0
    assert (clone.folder / "template.yaml").read_text() == before
    assert not (clone.folder / "benchmarks").exists()
    assert (clone.folder / "tests" / "end_to_end" / "test_authorizer_and_signer.py").exists()
