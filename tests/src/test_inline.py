"""`make inline`: the copies of CloudFront Functions in the template."""

from pathlib import Path

import pytest

import inline
from inline import inlined

REPOSITORY = Path(__file__).parents[2]

TEMPLATE = """\
Resources:
  A:
    FunctionCode: | # src/a/index.js
      old

      code

  B:
    FunctionCode: |
      function handler() {}
"""


def test_copied(tmp_path):
    """The named file takes the place of the copy, with its blank lines; other code stays."""
    (tmp_path / "src" / "a").mkdir(parents=True)
    (tmp_path / "src" / "a" / "index.js").write_text("function handler(event) {\n\n  return event.request;\n}\n")
    expected = TEMPLATE.replace(
        "      old\n\n      code\n",
        "      function handler(event) {\n\n        return event.request;\n      }\n",
    )
    assert inlined(TEMPLATE, tmp_path) == expected
    assert inlined(expected, tmp_path) == expected


def test_no_file(tmp_path):
    """A file that is not there is an error that names it."""
    with pytest.raises(FileNotFoundError, match=r"src/a/index\.js"):
        inlined(TEMPLATE, tmp_path)


def test_in_step():
    """template.yaml holds a copy of each file that it names, and names each `src/*/index.js`."""
    template = (REPOSITORY / inline.TEMPLATE).read_text()
    assert inlined(template, REPOSITORY) == template, "Run `make inline`, which copies the code into template.yaml."
    for source in (REPOSITORY / "src").glob("*/index.js"):
        assert f"FunctionCode: | # {source.relative_to(REPOSITORY)}\n" in template
