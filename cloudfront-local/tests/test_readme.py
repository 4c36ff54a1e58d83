"""README.md says what the rules say."""

from cloudfront_local.rules.__main__ import README, TABLE, table


def test_table():
    """Every rule is in the table, with where it is enforced and its source; nothing else is."""
    [written] = TABLE.findall(README.read_text(encoding="utf-8"))
    assert written == table(), "Run `python -m cloudfront_local.rules`, which writes the table anew."
