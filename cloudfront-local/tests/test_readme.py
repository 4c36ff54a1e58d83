"""README.md says what the rules say."""

import re
from pathlib import Path

from cloudfront_local.rules.table import table

README = Path(__file__).resolve().parents[1] / "README.md"
TABLE = re.compile(r"^\| Rule \|.*?(?=^[^|]|\Z)", re.MULTILINE | re.DOTALL)


def test_table():
    """Every rule is in the table, with its source; nothing else is."""
    [written] = TABLE.findall(README.read_text(encoding="utf-8"))
    assert written == table(), "Put what `cloudfront-local rules` prints into README.md."
