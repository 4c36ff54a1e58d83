"""Sends a request to a bucket: origin, path and Host change together, or S3 answers 400, 403 or 404."""

import time

from edge import sigv4
from edge.cloudfront import Request
from router.location import Location
from router.rejection import MisconfiguredError


def send_to(request: Request, location: Location, access: str) -> None:
    """Makes the location the request's origin, to be read as `access` says.

    Conditional and range headers stay as the viewer sent them. The query string goes: signed for the bucket, a viewer's
    `?acl` or `?versionId` would be answered. So do headers that a signature would vouch for.
    Raises MisconfiguredError when the origin is no bucket, or has no access identity to go on with.
    """
    origin = request["origin"].get("s3")
    if origin is None or (access == "oai" and origin.get("authMethod") != "origin-access-identity"):
        raise MisconfiguredError(
            "the origin has to be an S3 bucket, with an origin access identity unless x-router-access is sigv4: "
            "CloudFront lets no function add one"
        )
    origin["authMethod"] = "origin-access-identity" if access == "oai" else "none"
    origin["domainName"] = location.domain
    origin["region"] = location.region
    origin["path"] = ""
    request["uri"] = location.uri
    request["querystring"] = ""
    headers = request["headers"]
    for name in [name for name in headers if name.startswith("x-amz-") or name == "authorization"]:
        del headers[name]
    added = {"host": location.domain}
    if access == "sigv4":
        added |= _signature(request["method"], location)
    headers.update({name: [{"key": name, "value": value}] for name, value in added.items()})


def _signature(method: str, location: Location) -> dict[str, str]:
    return sigv4.signed_headers(
        method,
        location.domain,
        location.uri,
        "",
        {},
        b"",
        service="s3",
        region=location.region,
        credentials=sigv4.credentials_from_environment(),
        now=time.time(),
    )
