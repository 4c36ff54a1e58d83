"""The authorizer against the same done with boto3 (reference/authorizer.py), both on one embedded AWS.

The password is left out of both: the reference checks none, and ours is stored with the cheapest parameters that
scrypt has (ln=1,r=1,p=1), which take microseconds. The modules that hash are imported all the same.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import aws
from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.cold_start import ColdStart, Function, measure
from benchmarks.report import Figure

NETWORK_MODULES = {"_socket", "_ssl", "edge.http", "http.client", "socket", "ssl", "urllib.request"}


async def figures(runs: int) -> list[Figure]:
    """Measure: about half a second a run."""
    with TemporaryDirectory() as directory:
        build("AuthorizerFunction", Path(directory))
        functions = [
            Function([directory], "authorizer.handler", viewer_request("demo:demo"), warm=200),
            Function([str(ROOT)], "benchmarks.reference.authorizer", viewer_request("demo:demo"), warm=20),
            Function([directory], "authorizer.handler", viewer_request(None)),
        ]
        async with aws.authorizer() as environment:
            ours, reference, refusal = measure(functions, environment, runs)
        if (ours.status, reference.status, refusal.status) != (200, 200, 401):
            raise RuntimeError(f"wrong answers: {ours.status}, {reference.status}, {refusal.status}")
        return [*against(ours, reference), *cold_refusal(refusal), zipped(Path(directory))]


def against(ours: ColdStart, boto3: ColdStart) -> list[Figure]:
    """The first request and those that follow, against boto3."""
    return [
        Figure("import to first 200", "ms", ours.import_to_answer * 1e3, boto3.import_to_answer * 1e3, share=1 / 7),
        Figure("process start to first 200", "ms", ours.start_to_answer * 1e3, boto3.start_to_answer * 1e3),
        Figure("peak memory", "MiB", ours.peak_memory / 2**20, boto3.peak_memory / 2**20, share=0.45),
        Figure("warm request, remembered credentials", "µs", ours.warm * 1e6, boto3.warm * 1e6, share=1 / 30),
    ]


def cold_refusal(refusal: ColdStart) -> list[Figure]:
    """The 401 that sends a browser to ask for a password."""
    return [
        Figure("import to a 401 without credentials", "ms", refusal.import_to_answer * 1e3),
        Figure("network modules imported for that 401", "", len(NETWORK_MODULES & refusal.modules), limit=0),
    ]


def zipped(directory: Path) -> Figure:
    """What goes to AWS."""
    return Figure("zip", "KiB", zip_size(directory) / 2**10)


def viewer_request(user_pass: str | None) -> dict[str, Any]:
    """A viewer request with some of the headers that a browser sends, signed in or not."""
    headers = {"Host": "d111111abcdef8.cloudfront.net", "User-Agent": "Mozilla/5.0", "Accept": "text/html"}
    if user_pass is not None:
        headers["Authorization"] = f"Basic {b64encode(user_pass.encode()).decode()}"
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    request = {
        "clientIp": "203.0.113.178",
        "method": "GET",
        "uri": "/index.html",
        "querystring": "",
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}
