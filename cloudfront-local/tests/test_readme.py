"""README.md's table of rules agrees with the code."""

import re
from pathlib import Path

from cloudfront_local.rules.table import table

README = Path(__file__).resolve().parents[1] / "README.md"
TABLE = re.compile(r"^\| Rule \|.*?(?=^[^|]|\Z)", re.MULTILINE | re.DOTALL)


def test_table():
    """The table in README.md is the one that `cloudfront-local rules` prints."""
    [written] = TABLE.findall(README.read_text(encoding="utf-8"))
    assert written == table(), "Replace the table in README.md by the output of `cloudfront-local rules`."
