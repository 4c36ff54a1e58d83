"""Figures beside their targets, as a table and as JSON."""

import json
import platform

from benchmarks.report import Figure, as_json, table

FIGURES = {
    "authorizer": [
        Figure("import to first 200", "ms", 24.41, 282.3, share=1 / 7),
        Figure("peak memory", "MiB", 40.0, 64.6, share=0.45),
        Figure("warm request", "µs", 12.34, 2018.4),
        Figure("network modules", "", 0, limit=0),
    ],
    "signer": [Figure("zip", "KiB", 16.2, limit=16)],
}


def test_table():
    """A line a figure, in columns, and a target that is missed stands out."""
    assert table(FIGURES, 11).splitlines() == [
        f"Medians of 11 alternating runs, Python {platform.python_version()}",
        "",
        "                                     ours  reference  share     target",
        "authorizer: import to first 200   24.4 ms     282 ms   8.6%   <= 14.3%     met",
        "authorizer: peak memory            40 MiB   64.6 MiB  61.9%   <= 45.0%  MISSED",
        "authorizer: warm request          12.3 µs    2018 µs   0.6%",
        "authorizer: network modules             0                         <= 0     met",
        "signer: zip                      16.2 KiB                    <= 16 KiB  MISSED",
    ]


def test_json():
    """The same figures by function, not rounded, the target in the figure's unit."""
    report = json.loads(as_json(FIGURES, 11))
    assert (report["python"], report["runs"], list(report["figures"])) == (
        platform.python_version(),
        11,
        ["authorizer", "signer"],
    )
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
