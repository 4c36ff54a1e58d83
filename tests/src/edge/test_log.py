"""Structured logs."""

import io
import json
import sys

import pytest

from edge.log import log


class Unprintable:
    def __str__(self):
        raise RuntimeError("no")


def test_one_line_of_json(capsys):
    """A call prints its fields as one line of JSON, in the order given."""
    log(event="authorized", user="zoë", status=200, remembered=True, cause=None, places=["a", "b"])
    assert capsys.readouterr().out == (
        '{"event": "authorized", "user": "zo\\u00eb", "status": 200, "remembered": true, "cause": null, '
        '"places": ["a", "b"]}\n'
    )


def test_line_breaks_stay_inside_the_line(capsys):
    """A value cannot start a second log line."""
    log(user="a\nb\r\u2028c")
    output = capsys.readouterr().out
    assert (len(output.splitlines()), json.loads(output)) == (1, {"user": "a\nb\r\u2028c"})


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        (ValueError("no table"), "no table"),
        (b"\x00\xff", "b'\\x00\\xff'"),
        ({"nested": 1j}, {"nested": "1j"}),
        ({("a", "b"): 1}, "{('a', 'b'): 1}"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (Unprintable(), "<Unprintable>"),
        ("\ud800", "\ud800"),
    ],
)
def test_what_json_cannot_hold_becomes_text(capsys, value, logged):
    """A value that JSON cannot hold is logged as text, beside other fields."""
    log(value=value, status="503")
    assert json.loads(capsys.readouterr().out) == {"value": logged, "status": "503"}


def test_list_inside_itself(capsys):
    """A list that contains itself is printed as Python prints it."""
    circular = []
    circular.append(circular)
    log(value=circular)
    assert json.loads(capsys.readouterr().out) == {"value": "[[...]]"}


def test_closed_output_is_no_error(monkeypatch):
    """A log that cannot be written does not fail the request."""
    output = io.StringIO()
    output.close()
    monkeypatch.setattr(sys, "stdout", output)
    log(event="unheard")


def test_ascii_output_takes_any_text(monkeypatch):
    """A line with any character can be printed in the C locale."""
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding="ascii"))
    log(user="日本")
    assert json.loads(output.getvalue()) == {"user": "日本"}
