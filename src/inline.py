"""Copies the code of CloudFront Functions into template.yaml: `make inline`.

SAM packages no files for `AWS::CloudFront::Function`: its FunctionCode is text in the template. The source is the file
that the comment behind `FunctionCode: |` names, such as `# src/tag/index.js`; the text below is its copy.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

TEMPLATE = Path("template.yaml")
# A blank line belongs to the copy only if more of it follows.
_CODE = re.compile(
    r"^(?P<space> *)FunctionCode: \| # (?P<source>src/\S+\.js)\n(?P<copy>(?:\n*(?P=space)  [^\n]*\n)*)", re.MULTILINE
)


def inlined(template: str, root: Path) -> str:
    """The template with copies of the files that it names. Raises OSError for a file that is not there."""

    def copied(found: re.Match[str]) -> str:
        head = found[0].removesuffix(found["copy"])
        code = (root / found["source"]).read_text(encoding="utf-8")
        return head + indent(code, found["space"] + "  ")

    return _CODE.sub(copied, template)


if __name__ == "__main__":
    TEMPLATE.write_text(inlined(TEMPLATE.read_text(encoding="utf-8"), Path()), encoding="utf-8")
