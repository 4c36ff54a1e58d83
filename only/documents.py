"""The documents that stay: no link leads to a file that is gone, no table has a row about what is gone."""

from __future__ import annotations

import re
from pathlib import Path

from only.choice import Choice, any_of

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s:#]+)(?:#[^)\s]*)?\)")


def document(text: str, choice: Choice, folder: Path) -> str:
    """Of a link whose target is not there, seen from the document's folder, its words stay."""
    words = choice.all_going(lambda part: (*part.packages, *part.functions, *part.names, *part.commands))
    begins = rf"`(?:python -m stack |src/|events/)?{any_of(words)}(?![\w-])"
    targets = rf"`make {any_of(choice.all_going(lambda part: part.targets))}(?![\w-])"
    row = re.compile(rf"^\|.*(?:{begins}|{targets}).*\n", re.MULTILINE)

    def if_there(link: re.Match[str]) -> str:
        is_image = bool(link[1])
        return link[0] if (folder / link[3]).exists() else "" if is_image else link[2]

    return LINK.sub(if_there, row.sub("", text))
