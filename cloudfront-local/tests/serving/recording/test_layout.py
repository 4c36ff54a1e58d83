"""The layout of recorded events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.serving.recording.layout import WIDTH, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_same_value(value):
    """Whatever the layout, the value is the same."""
    assert json.loads(text(value)) == value


@pytest.mark.parametrize(("length", "lines"), [(20, 1), (WIDTH, 3)])
def test_lines(length, lines):
    """An object stays on one line if the line has room for it."""
    assert len(text({"name": "x" * length}).splitlines()) == lines


def test_nested():
    """What does not fit is divided from the outside; the parts that fit then stay whole."""
    headers = {name: [{"key": name, "value": "x" * 60}] for name in ("Host", "Via")}
    assert text({"headers": headers}).splitlines() == [
        "{",
        '  "headers": {',
        f'    "Host": [{{"key": "Host", "value": "{"x" * 60}"}}],',
        f'    "Via": [{{"key": "Via", "value": "{"x" * 60}"}}]',
        "  }",
        "}",
    ]
