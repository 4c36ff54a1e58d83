"""Compares the authorizer with one in boto3 (reference/authorizer.py). Both call one embedded AWS over TLS.

The reference does not check the password. Ours hashes it with given scrypt parameters, or with the smallest parameters,
which take microseconds: the figures call that "without hashing".
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import aws, near_and_far, share
from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.cold_start import ColdStart, Function, measure, runs_at_share
from benchmarks.packed import packages
from benchmarks.report import Figure
from benchmarks.sizes import MEMORY, Size

REFERENCE = "benchmarks.reference.authorizer"
Environment = Mapping[str, str]


async def figures(runs: int, cost: str) -> tuple[list[Figure], list[Size]]:
    """The figures, and the first request by memory size and distance. A run takes about 15 seconds.

    If this machine cannot limit a program to a share of the processor, there are only figures with a whole processor.
    """
    with TemporaryDirectory() as directory:
        build("AuthorizerFunction", Path(directory))
        async with aws.authorizer(cost) as (port, role):
            with near_and_far.addresses(port) as (near, far):
                found = full_speed(directory, {**role, **near}, runs)
                if not share.AVAILABLE:
                    return found, []
                shared, sizes = at_shares(directory, {**role, **near}, {**role, **far}, runs_at_share(runs))
        return [*shared, *found, Figure("zip", "KiB", zip_size(Path(directory)) / 2**10)], sizes


def full_speed(directory: str, near: Environment, runs: int) -> list[Figure]:
    """The figures with a whole processor, without hashing."""
    ours, boto3, refusal = measure(
        [
            authorizer(directory, "quick", near, warm=200),
            reference(near, warm=20),
            Function([directory], "authorizer.handler", viewer_request(None), near, status=401),
        ],
        runs,
    )
    return [
        Figure("INIT", "ms", ours.init * 1e3, boto3.init * 1e3, share=0.10),
        Figure("INIT + first 200", "ms", ours.import_to_answer * 1e3, boto3.import_to_answer * 1e3),
        Figure("process start to first 200", "ms", ours.started * 1e3, boto3.started * 1e3),
        Figure("INIT + a 401 without credentials", "ms", refusal.import_to_answer * 1e3),
        Figure("peak memory", "MiB", ours.peak_memory / 2**20, boto3.peak_memory / 2**20, share=0.45),
        Figure("warm request, remembered credentials", "µs", ours.warm * 1e6, boto3.warm * 1e6, share=1 / 30),
    ]


def at_shares(directory: str, near: Environment, far: Environment, runs: int) -> tuple[list[Figure], list[Size]]:
    """The figures with the share of a processor that comes with each memory size, and the first request by size."""
    cells = [(memory, environment) for memory in MEMORY for environment in (near, far)]
    functions = [
        function
        for memory, environment in cells
        for function in (
            authorizer(directory, "demo", environment, memory, warm=3),
            reference(environment, memory, warm=3),
        )
    ]
    unhashed = [authorizer(directory, "quick", environment, 128) for environment in (near, far)]
    refusal = Function([directory], "authorizer.handler", viewer_request(None), near, 128, status=401)
    *measured, quick, quick_far, refused = measure([*functions, *unhashed, refusal], runs)
    sizes = [
        Size(memory, environment is far, ours, boto3)
        for (memory, environment), ours, boto3 in zip(cells, measured[::2], measured[1::2], strict=True)
    ]
    return decisive({(size.memory, size.far): size for size in sizes}, quick, quick_far, refused), sizes


def decisive(
    sizes: Mapping[tuple[int, bool], Size], quick: ColdStart, quick_far: ColdStart, refused: ColdStart
) -> list[Figure]:
    """The figures that have targets: INIT and the first request against boto3's, and times with an absolute limit."""
    small, small_far, middle = sizes[128, False], sizes[128, True], sizes[512, False]

    def against(name: str, ours: ColdStart, size: Size, most: float) -> Figure:
        return Figure(f"INIT + first 200, {name}", "ms", *milliseconds(ours, size.boto3), share=most)

    return [
        against("128 MB", small.ours, small, 0.75),
        against("128 MB, without hashing", quick, small, 0.25),
        against("512 MB", middle.ours, middle, 0.40),
        against("128 MB, far, without hashing", quick_far, small_far, 0.60),
        # The template's Timeout is 5 s, and the function answers half a second before it.
        Figure("first 200, 128 MB, far", "ms", small_far.ours.request * 1e3, limit=4000),
        Figure("INIT + a 401 without credentials, 128 MB", "ms", refused.import_to_answer * 1e3),
        # After a crash, Lambda initializes the function during the next request, with the request's share.
        Figure("INIT's processor time at 128 MB", "ms", suppressed(small.ours), suppressed(small.boto3), limit=2000),
    ]


def milliseconds(ours: ColdStart, boto3: ColdStart) -> tuple[float, float]:
    """The milliseconds from the start of the import to the first answer, of ours and of boto3's."""
    return ours.import_to_answer * 1e3, boto3.import_to_answer * 1e3


def suppressed(start: ColdStart) -> float:
    """The milliseconds that INIT would take with the share of a processor at 128 MB."""
    return start.init_processor / share.share_of(128) * 1e3


def authorizer(
    directory: str, username: str, environment: Environment, memory: int | None = None, warm: int = 0
) -> Function:
    """Our authorizer, with a request of a user in the table."""
    event = viewer_request(f"{username}:{username}")
    return Function([directory], "authorizer.handler", event, environment, memory, warm)


def reference(environment: Environment, memory: int | None = None, warm: int = 0) -> Function:
    """The reference with boto3, which does not hash the password."""
    return Function([str(ROOT), packages()], REFERENCE, viewer_request("demo:demo"), environment, memory, warm)


def viewer_request(user_pass: str | None) -> dict[str, Any]:
    """A viewer request with some of a browser's headers, and with credentials if `user_pass` is given."""
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
