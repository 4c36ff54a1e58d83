"""The files that say how all this is built, tested and run, without what goes."""

from __future__ import annotations

import re

from only.blocks import without
from only.choice import Choice, any_of


def makefile(text: str, choice: Choice) -> str:
    """Without the targets that go."""
    targets = any_of(choice.all_going(lambda part: part.targets))
    text = without(text, f"{targets}: ")
    return re.sub(r"^\.PHONY:.*$", lambda line: re.sub(f" {targets}(?= |$)", "", line[0]), text, flags=re.MULTILINE)


def pyproject(text: str) -> str:
    """Without the marker of the tests that go."""
    return text.replace(" and not fork", "")


def examples(text: str, choice: Choice, event: str) -> str:
    """With a function that stays, and an event of its own, where a text takes what goes for an example."""
    packages = any_of(choice.all_going(lambda part: part.packages))
    text = re.sub(rf"events/{packages}/[\w-]+?(?=(?:\.result)?\.json)", event.removesuffix(".json"), text)
    text = re.sub(rf"\binvoke {packages}\b", f"invoke {choice.kept[0]}", text)
    return re.sub(any_of(choice.all_going(lambda part: part.functions)), choice.example, text)


def without_lines(text: str, word: str) -> str:
    """Without the lines that hold a word."""
    return "".join(line for line in text.splitlines(keepends=True) if word not in line)
