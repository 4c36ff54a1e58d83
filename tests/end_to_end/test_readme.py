"""README.md as a newcomer follows it, and what every document promises: links and make targets that exist.

README.md's fenced blocks, run from the first to the last against `make local`, with its address in place of
localhost:8080:

- `console`: after each `$ ` a command, then what it prints, on either stream. `...` stands for anything on its line,
  and alone on a line for any number of lines. Of an HTTP answer, which begins with a status line, the headers shown
  have to be among its headers, in whatever order; the body counts if an empty line and some of it are shown.
- `sh`: commands that have to succeed. `python -m stack` and `make` are told that the stack is the one on this machine.
  Those in ELSEWHERE are left to the file that is named there.
- `text`: what the terminal of `make local` has said by then. Spaces and line breaks count as one space.

A picture, such as a diagram, is a block without a language.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cloudfront_local.rules import RULES, facts

REPOSITORY = Path(__file__).parents[2]
README = REPOSITORY / "README.md"
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("[!.]*/*.md")])

CONTAINER = "tests/end_to_end/container/test_sam_local.py"
# Commands of `sh` blocks that start what this test needs, or need what it has not: who runs them.
ELSEWHERE = {
    "make local": "tests/end_to_end/test_make_local.py",
    'make local ARGS="--edge-region ap-southeast-2"': "cloudfront-local/tests/serving/test_serve.py",
    'make local ARGS="--record events"': "cloudfront-local/tests/serving/test_serve.py",
    "sam build && sam local invoke AuthorizerFunction -e events/authorizer/no-credentials.json": CONTAINER,
    "make invoke FUNCTION=AuthorizerFunction EVENT=events/authorizer/valid-credentials.json": CONTAINER,
    "make test": ".ci/run",
    "make test-browser": ".ci/run",
    "make test-sam": CONTAINER,
    "make only FUNCTION=signer": ".ci/run",
    "make only FUNCTION=authorizer ARGS=--without-distribution": "tests/only/test_fork.py",
    "make new FUNCTION=geo EVENT=viewer-request": "tests/new/test_new.py",
    "make lint": ".ci/run",
    "sam build && sam deploy": "tests/end_to_end/test_sam.py",
}

# A document for each edge function, with these sections in this order.
EDGE_FUNCTIONS = sorted(
    handler.parent.name
    for handler in REPOSITORY.glob("src/*/handler.py")
    if "from edge.cloudfront import" in handler.read_text(encoding="utf-8")
)
SECTIONS = ["What it does", "Settings", "Permissions", "When something fails", "Changing it", "Costs and limits"]

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
MAKE = re.compile(r"\bmake((?: \w+=\S+)*) (?P<target>[a-z][a-z-]*)\b")


class Block(NamedTuple):
    """A fenced block. `line` is its first line in the document."""

    language: str
    content: str
    line: int


def blocks(text: str) -> list[Block]:
    return [
        Block(found["language"], found["content"], text.count("\n", 0, found.start()) + 2)
        for found in FENCE.finditer(text)
    ]


def sessions(content: str) -> Iterator[tuple[str, str]]:
    """The commands of a `console` block, each with what it prints."""
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, _, printed = part.replace("\\\n", " ").partition("\n")
        yield command, printed


def commands(content: str) -> Iterator[str]:
    """The commands of an `sh` block, a line each."""
    for line in content.replace("\\\n", " ").splitlines():
        if command := re.sub(r"(^|\s+)# .*", "", line):
            yield command


def _pattern(text: str) -> str:
    """A regular expression for a text in which `...` stands for anything."""
    lines = [
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in text.rstrip().splitlines()
    ]
    return "".join(lines)


def agree(shown: str, printed: str) -> bool:
    """Whether a command printed what is shown, by the rules above."""
    if not shown.startswith("HTTP/"):
        return re.fullmatch(_pattern(shown), printed.rstrip() + "\n" if printed.strip() else "") is not None
    (status, *headers), _, body = _message(shown)
    (printed_status, *printed_headers), _, printed_body = _message(printed)
    return (
        status == printed_status
        and all(any(re.fullmatch(_pattern(header), f"{each}\n") for each in printed_headers) for header in headers)
        and (not body.strip() or agree(body, printed_body))
    )


def _message(text: str) -> tuple[list[str], str, str]:
    head, separator, body = text.replace("\r\n", "\n").partition("\n\n")
    return head.splitlines() or [""], separator, body


@pytest.mark.parametrize(
    ("shown", "printed", "agreed"),
    [
        ("", "", True),
        ("", "something\n", False),
        ("200\n", "200", True),
        ("200\n", "", False),
        ("a\n", "a\nb\n", False),
        ("a ... d\n", "a b c d\n", True),
        ("a ... d\n", "a\nd\n", False),
        ("...\nc\n...\n", "a\nb\nc\n", True),
        ("...\nc\n...\n", "a\nb\n", False),
        ("HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r\nAge: 1\r\n\r\nbody", True),
        ("HTTP/1.1 200 OK\n", "HTTP/1.1 404 Not Found\r\n\r\n", False),
        ("HTTP/1.1 200 OK\nB: 2\nA: ...\n", "HTTP/1.1 200 OK\r\nA: 1\r\nC: 3\r\nB: 2\r\n\r\n", True),
        ("HTTP/1.1 200 OK\nA: 1\n", "HTTP/1.1 200 OK\r\nA: 2\r\n\r\nA: 1\n", False),
        ("HTTP/1.1 200 OK\n\nbody\n", "HTTP/1.1 200 OK\r\n\r\nbody", True),
        ("HTTP/1.1 200 OK\n\nbody\n", "HTTP/1.1 200 OK\r\n\r\nbodies", False),
    ],
)
def test_agree(shown, printed, agreed):
    """The comparison itself."""
    assert agree(shown, printed) is agreed


class Shell:
    """Runs the README's commands in the copy of the repository whose stack runs, with `.venv` active."""

    def __init__(self, running_stack, home: Path) -> None:
        self._project = running_stack.project
        self._address = running_stack.description.url.replace("http://127.0.0.1", "localhost")
        tools = [str(self._project.folder / ".venv" / "bin"), str(Path(sys.executable).parent)]
        self._environment = self._project.environment | {
            "PATH": ":".join([*tools, self._project.environment["PATH"]]),
            "CURL_HOME": str(home),
        }
        # At a terminal, curl shows no progress of what it prints there.
        (home / ".curlrc").write_text("silent\nshow-error\n")

    def here(self, text: str) -> str:
        return text.replace("localhost:8080", self._address)

    def run(self, command: str, stdin: str = "") -> tuple[int, str]:
        result = subprocess.run(
            ["sh", "-c", self.here(command)],
            cwd=self._project.folder,
            env=self._environment,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return result.returncode, result.stdout

    def terminal(self) -> str:
        return self._project.output


@pytest.fixture
def shell(running_stack, tmp_path) -> Iterator[Shell]:
    """Leaves sources, books and users as they were."""
    folder = running_stack.project.folder
    if (REPOSITORY / "events").is_dir():
        shutil.copytree(REPOSITORY / "events", folder / "events", dirs_exist_ok=True)
    books = _books(running_stack)
    yield Shell(running_stack, tmp_path)
    shutil.rmtree(folder / "src")
    shutil.copytree(REPOSITORY / "src", folder / "src")
    for book in _books(running_stack) - books:
        running_stack.get(f"/api/books/{book}", "demo:demo", "DELETE")
    running_stack.command("users", "remove", "alice")


def _books(running_stack) -> set[str]:
    return {book["id"] for book in running_stack.get("/api/books", "demo:demo").json["books"]}


@pytest.mark.long
def test_commands(shell):
    """Each command does what the README says, in its order."""
    for language, content, line in blocks(README.read_text(encoding="utf-8")):
        if language == "console":
            for command, shown in sessions(content):
                _, printed = shell.run(command)
                assert agree(shell.here(shown), printed), f"README.md:{line}: $ {command}\n{printed}"
        elif language == "sh":
            for command in commands(content):
                _succeeds(shell, command, line)
        elif language == "text":
            said = re.sub(r"\s+", " ", shell.terminal())
            expected = re.escape(" ".join(content.split()).replace("...", "\0")).replace("\0", ".*?")
            assert re.search(expected, said), f"README.md:{line}: `make local` did not say so"


def _succeeds(shell: Shell, command: str, line: int) -> None:
    if command in ELSEWHERE:
        return
    local = re.sub(r"^make (\w+)$", r"make \1 LOCAL=1", command)
    local = re.sub(r"^python -m stack\b", "python -m stack --local", local)
    assert local != command, f"README.md:{line}: {command}\nIt cannot be run here, and ELSEWHERE does not say who does."
    status, printed = shell.run(local, stdin="a password\n")
    assert status == 0, f"README.md:{line}: {local}\n{printed}"


def test_elsewhere():
    """What this test leaves to others is in the README, and the others are there."""
    text = README.read_text(encoding="utf-8")
    shown = {command for block in blocks(text) if block.language == "sh" for command in commands(block.content)}
    assert ELSEWHERE.keys() <= shown
    assert [file for file in ELSEWHERE.values() if not (REPOSITORY / file).is_file()] == []


def test_blocks():
    """The README has no block that this test does not know how to hold it to."""
    found = Counter(block.language for block in blocks(README.read_text(encoding="utf-8")))
    assert found.keys() == {"", "console", "sh", "text"}
    assert found[""] == 1


def test_length():
    """The README is one that people read."""
    assert len(README.read_text(encoding="utf-8").splitlines()) < 250


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links(document):
    """Each relative link leads to a file, and to a heading in it."""
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", document.read_text(encoding="utf-8")))
    dead = []
    for target in LINK.findall(prose):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            dead.append(target)
    assert dead == []


def _anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)]
    return {f"{slug}-{slugs[:index].count(slug)}".removesuffix("-0") for index, slug in enumerate(slugs)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_make_targets(document):
    """Each make target that a document names is in the Makefile."""
    text = document.read_text(encoding="utf-8")
    code = [block.content for block in blocks(text) if block.language in ("console", "sh")]
    code += re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    named = {found["target"] for part in code for found in MAKE.finditer(re.sub(r"# .*", "", part))}
    targets = set(re.findall(r"^([a-z][a-z-]*):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named - targets == set()


@pytest.mark.parametrize("function", EDGE_FUNCTIONS)
def test_sections(function):
    """The documents of the edge functions say the same things in the same order."""
    text = FENCE.sub("", (REPOSITORY / "docs" / f"{function.replace('_', '-')}.md").read_text(encoding="utf-8"))
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS


def test_sentences():
    """Whatever sentence CloudFront's page shows is found in the document that explains it."""
    text = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    sentences = {rule.sentence for rule in RULES.values()} | {facts.SENTENCE_EXECUTION}
    assert {sentence for sentence in sentences if f"`{sentence}" not in text} == set()
