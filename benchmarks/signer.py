"""Compares the signer with botocore's and awscrt's (reference/*_signer.py), for a POST of 1 KB, with a whole processor.

Ours is the whole handler, which also reads the event, removes the viewer's signatures, and decodes and hashes the body.
In warm requests, theirs is only the signing. They sign all headers, so a browser's headers cost them more than us.
Therefore there are three requests: with a browser's headers, without them, and without them but with a path and a body
that take longer to encode.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.cold_start import ColdStart, Function, measure
from benchmarks.packed import packages
from benchmarks.report import Figure

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLE/" * 40,  # about as long as the token of a Lambda function
}
HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"
BODY = json.dumps({"title": "Ulysses", "note": "x" * 990}).encode()
BINARY = bytes(range(256)) * 4
ESCAPED = "/api/books/caf%C3%A9%20na%C3%AFve%2Fa%2Bb"

FROM_CLOUDFRONT = {
    "Host": HOST,
    "User-Agent": "Amazon CloudFront",
    "Via": "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)",
    "X-Forwarded-For": "203.0.113.178",
    "Content-Length": str(len(BODY)),
}
# Managed-AllViewerExceptHostHeader forwards the browser's headers, and adds CloudFront's headers about the viewer.
FROM_BROWSER = {
    "Accept": "application/json",
    "Accept-Encoding": "br,gzip",
    "Accept-Language": "en-GB,en;q=0.9",
    "Content-Type": "application/json",
    "Cookie": "theme=dark",
    "Origin": "https://d111111abcdef8.cloudfront.net",
    "Priority": "u=1, i",
    "Referer": "https://d111111abcdef8.cloudfront.net/books.html",
    "Sec-Ch-Ua": '"Chromium";v="142", "Not_A Brand";v="99"',
    "Sec-Ch-Ua-Mobile": "?0",
    "Sec-Ch-Ua-Platform": '"Linux"',
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
    "X-Authenticated-User": "demo",
    "CloudFront-Forwarded-Proto": "https",
    "CloudFront-Is-Desktop-Viewer": "true",
    "CloudFront-Is-Mobile-Viewer": "false",
    "CloudFront-Viewer-Country": "IE",
    "CloudFront-Viewer-Http-Version": "3.0",
    "CloudFront-Viewer-Tls": "TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake",
}


async def figures(runs: int) -> list[Figure]:
    """The figures. A run takes about three seconds."""
    with TemporaryDirectory() as directory:
        build("SignerFunction", Path(directory))
        events = [origin_request(FROM_BROWSER), origin_request({}), origin_request({}, ESCAPED, BINARY)]
        pairs = [
            function
            for event in events
            for function in (
                Function([directory], "signer.handler", event, ENVIRONMENT, warm=500),
                reference("awscrt_signer", event),
            )
        ]
        botocore, *measured = measure([reference("botocore_signer", events[0]), *pairs], runs)
        ours, *_ = measured
        return [
            *against_botocore(ours, botocore),
            *against_awscrt(measured[::2], measured[1::2]),
            Figure("zip", "KiB", zip_size(Path(directory)) / 2**10),
        ]


def reference(module: str, event: dict[str, Any]) -> Function:
    """A reference signer."""
    return Function([str(ROOT), packages()], f"benchmarks.reference.{module}", event, ENVIRONMENT, warm=500)


def against_botocore(ours: ColdStart, botocore: ColdStart) -> list[Figure]:
    """The figures of the first request and of warm requests."""
    imported = ours.import_to_answer * 1e3, botocore.import_to_answer * 1e3
    started = ours.started * 1e3, botocore.started * 1e3
    return [
        Figure("INIT + first signed request", "ms", *imported, share=0.035),
        Figure("process start to first signed request", "ms", *started),
        Figure("peak memory", "MiB", ours.peak_memory / 2**20, botocore.peak_memory / 2**20),
        Figure("warm request, and botocore's signer alone", "µs", ours.warm * 1e6, botocore.warm * 1e6, limit=69),
    ]


def against_awscrt(ours: Sequence[ColdStart], awscrt: Sequence[ColdStart]) -> list[Figure]:
    """The figures of warm requests of three kinds, compared with awscrt's signing only."""
    kinds = {"browser's headers": 0.7, "bare": 0.9, "bare, escaped path and binary body": 1.0}
    return [
        Figure(f"warm request, and awscrt's signer alone: {kind}", "µs", own.warm * 1e6, other.warm * 1e6, share=most)
        for (kind, most), own, other in zip(kinds.items(), ours, awscrt, strict=True)
    ]


def origin_request(viewer_headers: Mapping[str, str], path: str = "/api/books", body: bytes = BODY) -> dict[str, Any]:
    """The event of a POST to this stack's API, with CloudFront's own headers and these."""
    config = {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "origin-request",
        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
    }
    origin = {
        "customHeaders": {"x-signer-strip-prefix": [{"key": "x-signer-strip-prefix", "value": "/api"}]},
        "domainName": HOST,
        "keepaliveTimeout": 5,
        "path": "",
        "port": 443,
        "protocol": "https",
        "readTimeout": 30,
        "sslProtocols": ["TLSv1.2"],
    }
    headers = {**FROM_CLOUDFRONT, **viewer_headers}
    request = {
        "clientIp": "203.0.113.178",
        "method": "POST",
        "uri": path,
        "querystring": "",
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        "body": {
            "inputTruncated": False,
            "action": "read-only",
            "encoding": "base64",
            "data": b64encode(body).decode(),
        },
        "origin": {"custom": origin},
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}
