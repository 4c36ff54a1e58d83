"""Reducing a clone in place: first files go, then the texts that stay are cut to what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec

from only import files, settings
from only.choice import Choice
from only.documents import document
from only.pages import page
from only.readme import readme
from only.template import builds, template

P = ParamSpec("P")

# Where a function of this repository's may be an example.
EXAMPLES = (
    "Makefile",
    "local/**/*.py",
    "stack/**/*.py",
    "local/README.md",
    "lint/README.md",
    "events/README.md",
    "docs/*.md",
)
DOCUMENTS = ("*.md", "docs/**/*.md", "events/**/*.md", "local/**/*.md", "lint/**/*.md")


def reduce(root: Path, choice: Choice) -> None:
    """Leaves in a folder what the functions need that stay."""
    files.delete(files.going(root, choice))
    files.delete(files.unused(root, choice))
    _rewrite(root / "template.yaml", template, choice)
    _rewrite(root / "src" / "Makefile", builds, choice)
    _rewrite(root / "Makefile", settings.makefile, choice)
    _rewrite(root / "pyproject.toml", settings.pyproject)
    for name, word in choice.all_going(lambda part: part.lines):
        _rewrite(root / name, settings.without_lines, word)
    event = _found(root, (f"events/{choice.kept[0]}/*.json",))[0]
    for path in _found(root, EXAMPLES):
        _rewrite(path, settings.examples, choice, str(event.relative_to(root)))
    for path in (root / "site").rglob("*.html"):
        _rewrite(path, page, root / "site")
    (root / "README.md").write_text(readme(root, choice))
    for path in _found(root, DOCUMENTS):
        _rewrite(path, document, choice, path.parent)


def _found(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(root.glob(pattern))]


def _rewrite(path: Path, edit: Callable[Concatenate[str, P], str], *arguments: P.args, **options: P.kwargs) -> None:
    before = path.read_text()
    after = edit(before, *arguments, **options)
    if after != before:
        path.write_text(after)
