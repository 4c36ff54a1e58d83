"""`python -m benchmarks` from beginning to end, and the figures that no load on the machine can change."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_figures():
    """One run answers 200 on both sides; the authorizer's zip is small and its cold 401 imports no network module."""
    command = [sys.executable, "-m", "benchmarks", "--runs", "1", "--json"]
    report = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    figures = {figure["name"]: figure for figure in report["figures"]["authorizer"]}
    assert list(figures) == [
        "import to first 200",
        "process start to first 200",
        "peak memory",
        "warm request, remembered credentials",
        "import to a 401 without credentials",
        "network modules imported for that 401",
        "zip",
    ]
    assert all(figure["ours"] > 0 for name, figure in figures.items() if not name.startswith("network"))
    fixed = ("peak memory", "network modules imported for that 401", "zip")
    assert {name: figures[name]["met"] for name in fixed} == dict.fromkeys(fixed, True)
