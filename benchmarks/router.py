"""Compares the router with one in boto3 and requests (reference/router.py), with a whole processor.

The secret is in Secrets Manager of an embedded AWS. The token endpoint and the lookup API answer at once. All of them
use plain HTTP, because TLS would cost both sides the same. Requests that are answered from memory are not compared,
because the reference neither checks nor logs these.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import aws, lookup_api
from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.cold_start import ColdStart, Function, measure
from benchmarks.packed import packages
from benchmarks.report import Figure


async def figures(runs: int) -> list[Figure]:
    """The figures. A run takes about a second."""
    with TemporaryDirectory() as directory, lookup_api.running() as url:
        build("RouterFunction", Path(directory))
        async with aws.router() as (port, role, secret):
            event = origin_request(url, secret)
            environment = {**role, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
            functions = [
                Function([directory], "router.handler", event, environment, warm=500),
                Function([str(ROOT), packages()], "benchmarks.reference.router", event, environment),
            ]
            ours, reference = measure(functions, runs)
        return [*against(ours, reference), Figure("zip", "KiB", zip_size(Path(directory)) / 2**10)]


def against(ours: ColdStart, reference: ColdStart) -> list[Figure]:
    """The figures of the first request, which reads secret, token and location, and of answers from memory."""
    imported = ours.import_to_answer * 1e3, reference.import_to_answer * 1e3
    started = ours.started * 1e3, reference.started * 1e3
    memory = ours.peak_memory / 2**20, reference.peak_memory / 2**20
    return [
        Figure("INIT + first routed request", "ms", *imported),
        Figure("process start to first routed request", "ms", *started, share=0.12),
        Figure("peak memory", "MiB", *memory, share=0.5),
        Figure("warm request, remembered answer", "µs", ours.warm * 1e6, limit=60),
    ]


def origin_request(url: str, secret: str) -> dict[str, Any]:
    """The event of GET /files/lighthouse in this stack. Token endpoint and lookup API are at `url`."""
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "origin-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    settings = {
        "x-router-lookup-url": f"{url}/files/",
        "x-router-token-url": f"{url}/oauth2/token",
        "x-router-client-id": "1example23456789",
        "x-router-client-secret-arn": secret,
        "x-router-scope": "files/read",
        "x-router-access": "oai",
    }
    host = "default.s3.us-east-1.amazonaws.com"
    headers = {
        "Host": host,
        "User-Agent": "Amazon CloudFront",
        "Via": "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)",
        "X-Forwarded-For": "203.0.113.178",
        "Accept-Encoding": "br,gzip",
        "If-None-Match": '"5d41402abc4b2a76b9719d911017c592"',
    }
    origin = {
        "authMethod": "origin-access-identity",
        "customHeaders": items(settings),
        "domainName": host,
        "path": "",
        "readTimeout": 30,
        "region": "us-east-1",
    }
    request = {
        "clientIp": "203.0.113.178",
        "method": "GET",
        "uri": "/files/lighthouse",
        "querystring": "",
        "headers": items(headers),
        "origin": {"s3": origin},
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}


def items(headers: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """Headers in the form that events have."""
    return {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()}
