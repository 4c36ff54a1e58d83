"""Signature Version 4 for requests to origins in AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials

from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.origin import Origin

Service = Literal["execute-api", "lambda", "s3"]


def signed(
    request: Request, origin: Origin, service: Service, region: str, credentials: Credentials | ReadOnlyCredentials
) -> Request:
    """The request with a signature for the origin's domain name, in place of any other signature in its headers."""
    url = f"https://{origin.domain_name}{request.target}"
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signing = AWSRequest(request.method, url, data=request.body, headers={"Host": origin.domain_name})
    signer(credentials, service, region).add_auth(signing)
    headers = request.headers.copy()
    for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"):
        headers.popall(name, None)
    headers.update(signing.headers.items())
    return replace(request, headers=headers)
