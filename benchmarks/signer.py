"""The signer against botocore's and awscrt's (reference/*_signer.py), on one JSON POST of 1 KB.

Ours is the whole handler: unpack the event, look through what the viewer sent, decode and hash the body, sign. Warm,
theirs is the signer alone. They sign every header that they are given, so a browser's request, as CloudFront shows it
to the function of this stack, costs them more than it costs us; hence the same without the browser's headers, too.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.cold_start import ColdStart, Function, measure
from benchmarks.report import Figure

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLE/" * 40,  # about as long as a Lambda function's
}
HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws"
BODY = json.dumps({"title": "Ulysses", "note": "x" * 990}).encode()

FROM_CLOUDFRONT = {
    "Host": HOST,
    "User-Agent": "Amazon CloudFront",
    "Via": "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)",
    "X-Forwarded-For": "203.0.113.178",
    "Content-Length": str(len(BODY)),
}
# Managed-AllViewerExceptHostHeader forwards what the browser sends, and adds what CloudFront knows of the viewer.
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
    """Measure: about two seconds a run."""
    with TemporaryDirectory() as directory:
        build("SignerFunction", Path(directory))
        functions = [
            Function(path, module, origin_request(headers), warm=500)
            for headers in (FROM_BROWSER, {})
            for path, module in (
                ([directory], "signer.handler"),
                ([str(ROOT)], "benchmarks.reference.botocore_signer"),
                ([str(ROOT)], "benchmarks.reference.awscrt_signer"),
            )
        ]
        ours, botocore, awscrt, *bare = measure(functions, ENVIRONMENT, runs)
        return [*cold(ours, botocore), *warm(ours, botocore, awscrt), *warm_bare(*bare), zipped(Path(directory))]


def cold(ours: ColdStart, botocore: ColdStart) -> list[Figure]:
    """The first request, against botocore.auth."""
    imported = ours.import_to_answer * 1e3, botocore.import_to_answer * 1e3
    started = ours.start_to_answer * 1e3, botocore.start_to_answer * 1e3
    return [
        Figure("import to first signed request", "ms", *imported, share=1 / 15),
        Figure("process start to first signed request", "ms", *started),
        Figure("peak memory", "MiB", ours.peak_memory / 2**20, botocore.peak_memory / 2**20),
    ]


def warm(ours: ColdStart, botocore: ColdStart, awscrt: ColdStart) -> list[Figure]:
    """The requests that follow, against the signer alone."""
    return [
        Figure("warm request, botocore's signer", "µs", ours.warm * 1e6, botocore.warm * 1e6, share=1 / 5),
        Figure("warm request, awscrt's signer", "µs", ours.warm * 1e6, awscrt.warm * 1e6, share=1),
    ]


def warm_bare(ours: ColdStart, botocore: ColdStart, awscrt: ColdStart) -> list[Figure]:
    """The same where there is no header to sign but what every signer adds."""
    return [
        Figure("warm request, no browser's headers, botocore's signer", "µs", ours.warm * 1e6, botocore.warm * 1e6),
        Figure("warm request, no browser's headers, awscrt's signer", "µs", ours.warm * 1e6, awscrt.warm * 1e6),
    ]


def zipped(directory: Path) -> Figure:
    """What goes to AWS."""
    return Figure("zip", "KiB", zip_size(directory) / 2**10)


def origin_request(viewer_headers: dict[str, str]) -> dict[str, Any]:
    """The event of POST /api/books in this stack, with these headers besides CloudFront's own."""
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
        "uri": "/api/books",
        "querystring": "",
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        "body": {
            "inputTruncated": False,
            "action": "read-only",
            "encoding": "base64",
            "data": b64encode(BODY).decode(),
        },
        "origin": {"custom": origin},
    }
    return {"Records": [{"cf": {"config": config, "request": request}}]}
