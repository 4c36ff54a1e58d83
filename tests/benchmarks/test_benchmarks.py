"""`python -m benchmarks` from beginning to end, and the figures that no load on the machine can change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report():
    """What one run prints as JSON: by function, the figures by name."""
    command = [sys.executable, "-m", "benchmarks", "--runs", "1", "--json"]
    report = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    return {function: {figure["name"]: figure for figure in figures} for function, figures in report["figures"].items()}


def test_authorizer(report):
    """Both sides answer 200; the authorizer needs half of the memory and its cold 401 imports no network module."""
    figures = report["authorizer"]
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
    fixed = ("peak memory", "network modules imported for that 401")
    assert {name: figures[name]["met"] for name in fixed} == dict.fromkeys(fixed, True)


def test_signer(report):
    """All sides sign."""
    figures = report["signer"]
    assert list(figures) == [
        "import to first signed request",
        "process start to first signed request",
        "peak memory",
        "warm request, botocore's signer",
        "warm request, awscrt's signer",
        "warm request, no browser's headers, botocore's signer",
        "warm request, no browser's headers, awscrt's signer",
        "zip",
    ]
    assert all(figure["ours"] > 0 for figure in figures.values())


def test_router(report):
    """Both sides route; the router needs half of the memory."""
    figures = report["router"]
    assert list(figures) == [
        "import to first routed request",
        "process start to first routed request",
        "peak memory",
        "warm request, remembered answer",
        "zip",
    ]
    assert all(figure["ours"] > 0 for figure in figures.values())
    assert figures["peak memory"]["met"]
