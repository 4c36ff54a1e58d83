"""Both sides answer, and the figures that no load on the machine can change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import authorizer, aws, near_and_far, share
from benchmarks.artifact import build

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report():
    """What one run of three functions prints as JSON: by function, the figures by name."""
    functions = ["--function", "sign_in", "--function", "signer", "--function", "router"]
    command = [sys.executable, "-m", "benchmarks", *functions, "--runs", "1", "--json"]
    report = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    return {function: {figure["name"]: figure for figure in figures} for function, figures in report["figures"].items()}


async def test_authorizer(tmp_path):
    """Over TLS both sides answer 200, and ours a 401 without credentials; ours needs half of the memory."""
    build("AuthorizerFunction", tmp_path)
    async with aws.authorizer("ln=14,r=8,p=1") as (port, role):
        with near_and_far.addresses(port) as (near, _):
            figures = {figure.name: figure for figure in authorizer.full_speed(str(tmp_path), {**role, **near}, 1)}
    assert list(figures) == [
        "INIT",
        "INIT + first 200",
        "process start to first 200",
        "INIT + a 401 without credentials",
        "peak memory",
        "warm request, remembered credentials",
    ]
    assert all(0 < figure.ours < float("inf") for figure in figures.values())
    assert figures["peak memory"].met


def test_sign_in(report):
    """A session passes, and signatures are verified."""
    figures = report["sign_in"]
    assert list(figures) == [
        *(["INIT + first request with a session, 128 MB"] if share.AVAILABLE else []),
        "INIT + first request with a session",
        "peak memory",
        "warm request with a session",
        "RS256",
        "ES256",
        "zip",
    ]
    assert all(figure["ours"] > 0 for figure in figures.values())


def test_signer(report):
    """All sides sign."""
    figures = report["signer"]
    assert list(figures) == [
        "INIT + first signed request",
        "process start to first signed request",
        "peak memory",
        "warm request, and botocore's signer alone",
        "warm request, and awscrt's signer alone: browser's headers",
        "warm request, and awscrt's signer alone: bare",
        "warm request, and awscrt's signer alone: bare, escaped path and binary body",
        "zip",
    ]
    assert all(figure["ours"] > 0 for figure in figures.values())


def test_router(report):
    """Both sides route; the router needs half of the memory."""
    figures = report["router"]
    assert list(figures) == [
        "INIT + first routed request",
        "process start to first routed request",
        "peak memory",
        "warm request, remembered answer",
        "zip",
    ]
    assert all(figure["ours"] > 0 for figure in figures.values())
    assert figures["peak memory"]["met"]
