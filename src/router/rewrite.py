"""Sends a request to a bucket: origin, path and Host change together, or S3 answers 400, 403 or 404."""

from __future__ import annotations

import time

from edge import sigv4
from edge.cloudfront import TYPE_CHECKING
from router.rejection import MisconfiguredError

if TYPE_CHECKING:
    from edge.cloudfront import Origin, Request, S3Origin
    from router.location import Location

# SHA-256 of no bytes: a GET has no body.
_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# What an S3 origin has in common with a custom one.
_COMMON = ("customHeaders", "readTimeout", "responseCompletionTimeout")


def send_to(request: Request, location: Location, access: str) -> None:
    """Makes the location the request's origin, to be read as `access` says.

    Conditional and range headers stay as the viewer sent them. The query string goes: signed for the bucket, a viewer's
    `?acl` or `?versionId` would be answered. So do headers that a signature would vouch for.
    Raises MisconfiguredError when the origin has no access identity to go on with.
    """
    origin = _s3_origin(request["origin"])
    if access == "oai" and origin.get("authMethod") != "origin-access-identity":
        raise MisconfiguredError(
            "the origin has no origin access identity, and CloudFront lets no function add one: "
            "give the distribution's S3 origin the identity, or set x-router-access to sigv4"
        )
    origin["authMethod"] = "origin-access-identity" if access == "oai" else "none"
    origin["domainName"] = location.domain
    origin["region"] = location.region
    origin["path"] = ""
    request["origin"] = {"s3": origin}
    request["uri"] = location.uri
    request["querystring"] = ""
    headers = request["headers"]
    for name in [name for name in headers if name.startswith("x-amz-") or name == "authorization"]:
        del headers[name]
    added = {"host": location.domain}
    if access == "sigv4":
        added |= _signature(request["method"], location)
    headers.update({name: [{"key": name, "value": value}] for name, value in added.items()})


def _s3_origin(origin: Origin) -> S3Origin:
    if "s3" in origin:
        return origin["s3"]
    custom = origin["custom"]
    return {name: custom[name] for name in _COMMON if name in custom}  # type: ignore[return-value, literal-required]


def _signature(method: str, location: Location) -> dict[str, str]:
    return sigv4.signed_headers(
        method,
        location.domain,
        location.uri,
        "",
        {},
        _NOTHING,
        service="s3",
        region=location.region,
        credentials=sigv4.credentials_from_environment(),
        now=time.time(),
    )
