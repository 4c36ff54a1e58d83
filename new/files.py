"""What `make new` writes: handler, tests, event and document, and the function's line in src/Makefile."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cloudfront_local.serving.recording import layout
from new.function import CloudFrontFunction, Function, NewError
from tests.events.visit import table

MAKEFILE = Path("src", "Makefile")
# The lines that a function's line may follow: those like it, and the Python that builds, where no function is yet.
BUILD = re.compile(r"^(?:build-\w+: PACKAGE = .*\n|PYTHON \?= .*\n\n)", re.MULTILINE)


def write(function: Function) -> list[Path]:
    """Writes the files below the working directory. Returns their paths. Raises NewError before anything is written."""
    texts = dict(_texts(function))
    if there := [str(path) for path in texts if path.exists()]:
        raise NewError(f"There is already: {', '.join(there)}. Choose another name, or remove it.")
    makefile = None if isinstance(function, CloudFrontFunction) else _makefile(function)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if makefile:
        MAKEFILE.write_text(makefile, encoding="utf-8")
    visits = importlib.import_module(f"tests.src.{function.name}.visits").VISITS
    events = Path("events", function.name, "README.md")
    events.write_text(table(function.name, visits), encoding="utf-8")
    return [*texts, events]


def _texts(function: Function) -> Iterator[tuple[Path, str]]:
    name = function.name
    example, path, result = _example(function)
    if not isinstance(function, CloudFrontFunction):
        yield Path("src", name, "__init__.py"), ""
    yield Path("src", name, function.source), function.text(function.source)
    for test in ("test_handler.py", "test_events.py", "visits.py"):
        yield Path("tests", "src", name, test), function.text(test, path=path)
    yield Path("events", name, "example.json"), example
    yield Path("events", name, "example.result.json"), layout.text(result) + "\n"
    yield Path("docs", f"{name.replace('_', '-')}.md"), function.text("document.md")


def _example(function: Function) -> tuple[str, str, Any]:
    """An event, the path and query string that it is of, and the result of a function that passes it on."""
    if isinstance(function, CloudFrontFunction):
        response = ',\n  "response": {"statusCode": 200, "headers": {}, "cookies": {}}'
        example = function.text("example.json", response="" if function.kind == "request" else response)
        return example, "/index.html?a=1", json.loads(example)[function.kind]
    example = Path("events", "types", f"{function.event}.json").read_text(encoding="utf-8")
    cf = json.loads(example)["Records"][0]["cf"]
    path = "?".join(filter(None, (cf["request"]["uri"], cf["request"]["querystring"])))
    return example, path, cf[function.kind]


def _makefile(function: Function) -> str:
    """src/Makefile with a line for the function, after the last one like it."""
    text = MAKEFILE.read_text(encoding="utf-8")
    lines = list(BUILD.finditer(text))
    if not lines:
        raise NewError(f"{MAKEFILE} has no line `PYTHON ?= python3` that the line of a function could follow.")
    end = lines[-1].end()
    return f"{text[:end]}build-{function.id}Function: PACKAGE = {function.name}\n{text[end:]}"
