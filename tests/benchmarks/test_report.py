"""Figures beside their targets, as a table and as JSON."""

import json
import math

from benchmarks.cold_start import ColdStart
from benchmarks.report import Figure, Report, as_json, table
from benchmarks.sizes import Size

FIGURES = {
    "authorizer": [
        Figure("INIT + first 200", "ms", 24.41, 282.3, share=1 / 7),
        Figure("peak memory", "MiB", 40.0, 64.6, share=0.45),
        Figure("warm request", "µs", 12.34, 2018.4),
        Figure("first 200, far", "ms", math.inf, limit=4000),
    ],
    "signer": [Figure("warm request", "µs", 60.2, limit=69)],
}
START = ColdStart(0.1, 0.1, math.inf, 0.1, math.inf, math.inf, 1 << 20, math.inf)
REPORT = Report("3.13.0", 9, {128: 0.0731}, FIGURES, [Size(128, True, START, START)])


def test_table():
    """A line a figure, in columns; targets that are missed stand out, and are named at the end."""
    assert table(REPORT).splitlines() == [
        "Medians of 9 alternating runs, 3 at a share; Python 3.13.0.",
        "Shares of a processor, by stopping and continuing the program: 128 MB 7.24% (a busy program got 7.31%).",
        "Far: a round trip to IAM and DynamoDB takes 200 ms, and so does opening a connection; STS is near.",
        "",
        "                                      ours  reference  share      target",
        "authorizer: INIT + first 200       24.4 ms     282 ms   8.6%    <= 14.3%     met",
        "authorizer: peak memory             40 MiB   64.6 MiB  61.9%    <= 45.0%  MISSED",
        "authorizer: warm request           12.3 µs    2018 µs   0.6%",
        "authorizer: first 200, far    wrong answer                    <= 4000 ms  MISSED",
        "signer: warm request               60.2 µs                      <= 69 µs     met",
        "",
        "2 of 4 targets missed: authorizer: peak memory; authorizer: first 200, far",
    ]


def test_nothing_missed():
    """Without a share and without a miss, it says so."""
    lines = table(Report("3.13.0", 9, {}, {"signer": FIGURES["signer"]}, [])).splitlines()
    assert lines[0] == "Medians of 9 alternating runs at full speed; Python 3.13.0."
    assert lines[-1] == "0 of 1 targets missed"


def test_busy_machine():
    """Where a busy program got less than its share, the figures are said to be rough."""
    lines = table(Report("3.13.0", 9, {128: 0.0731, 1024: 0.38}, FIGURES, [])).splitlines()
    assert lines[3].startswith("The figures are rough: the machine was busy")


def test_json():
    """The same by function, not rounded, the target in the figure's unit; null where an answer was wrong."""
    report = json.loads(as_json(REPORT))
    assert (report["python"], report["runs"], report["shares"]) == ("3.13.0", 9, {"128": 0.0731})
    assert report["figures"]["authorizer"][1] == {
        "name": "peak memory",
        "unit": "MiB",
        "ours": 40.0,
        "reference": 64.6,
        "limit": None,
        "share": 0.45,
        "target": 0.45 * 64.6,
        "met": False,
    }
    assert report["figures"]["authorizer"][2]["met"] is None
    assert (report["figures"]["authorizer"][3]["ours"], report["figures"]["authorizer"][3]["met"]) == (None, False)
    assert (report["sizes"][0]["memory"], report["sizes"][0]["ours"]["request"]) == (128, None)
