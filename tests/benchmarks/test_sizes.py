"""The authorizer's table by memory size, and Lambda@Edge's prices."""

import math

import pytest

from benchmarks.cold_start import ColdStart
from benchmarks.sizes import Size, dollars_per_million, markdown


def start(init, request, warm):
    """A cold start of which only these count here."""
    return ColdStart(init, 0, request, 0, init + request, 0, 0, warm)


def test_markdown():
    """A row a size and distance; where the visitor did not get in, it says so."""
    sizes = [
        Size(128, False, start(0.1, 1.234, 50e-6), start(0.9, 0.8, 0.04)),
        Size(512, True, start(0.1, math.inf, math.inf), start(0.9, 0.8, 0.2)),
    ]
    assert markdown(sizes).splitlines()[1:] == [
        "| --- | --- | --- | --- | --- | --- |",
        "| 128 MB | near | 0.10 + 1.23 s | 0.90 + 0.80 s | $0.61 | $0.85 |",
        "| 512 MB | far | no 200 | 0.90 + 0.80 s |  | $5.60 |",
    ]


def test_dollars_per_million():
    """$0.60 and $0.00005001 a GB-second, each request in whole milliseconds."""
    assert dollars_per_million(50e-6, 1024) == pytest.approx(0.60 + 0.05001)
    assert dollars_per_million(0.0101, 512) == pytest.approx(0.60 + 11 * 0.05001 / 2)
