"""Sends a request to a bucket: origin, path and Host change together, or S3 answers 400, 403 or 404."""

from __future__ import annotations

import time

from edge import sigv4
from edge.cloudfront import TYPE_CHECKING, set_header
from router.settings import MisconfiguredError

if TYPE_CHECKING:
    from edge.cloudfront import Request
    from router.location import Location

# SHA-256 of no bytes: a GET has no body.
_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def send_to(request: Request, location: Location, access: str) -> None:
    """Makes the location the request's origin. Conditional and range headers stay as the viewer sent them.

    The query string goes: signed for the bucket, an `?acl` or `?versionId` of the viewer's would be answered.
    Raises MisconfiguredError when the origin cannot be left with an origin access identity.
    """
    origin = request["origin"].get("s3")
    if origin is None or (access == "oai" and origin["authMethod"] != "origin-access-identity"):
        raise MisconfiguredError(
            "the origin of /files/* must be an S3 bucket with an origin access identity: CloudFront takes neither from "
            "a custom origin to a bucket"
        )
    for name in [n for n in request["headers"] if n.startswith("x-amz-") or n == "authorization"]:
        del request["headers"][name]
    origin["domainName"] = location.domain
    origin["region"] = location.region
    origin["path"] = ""
    origin["authMethod"] = "origin-access-identity" if access == "oai" else "none"
    request["uri"] = location.uri
    request["querystring"] = ""
    set_header(request["headers"], "Host", location.domain)
    if access == "sigv4":
        _sign(request, location)


def _sign(request: Request, location: Location) -> None:
    added = sigv4.signed_headers(
        request["method"],
        location.domain,
        location.uri,
        "",
        {},
        _EMPTY,
        service="s3",
        region=location.region,
        credentials=sigv4.credentials_from_environment(),
        now=time.time(),
    )
    for name, value in added.items():
        set_header(request["headers"], name, value)
