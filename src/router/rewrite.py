"""Sends a request to a bucket. Origin, path and Host have to change together: otherwise S3 answers 400, 403 or 404."""

import time

from edge import sigv4
from edge.cloudfront import Request
from router.location import Location
from router.rejection import MisconfiguredError


def send_to(request: Request, location: Location, access: str) -> None:
    """Changes the request's origin to `location`. `access` is `sigv4` or `oai` (router.settings).

    Conditional and range headers remain. The viewer's query string, `x-amz-*` headers and Authorization are removed: in
    a signed request, S3 would obey the viewer's `?acl` or `?versionId`.
    Raises MisconfiguredError if the origin is not a bucket, or if `access` is `oai` and the origin has no origin access
    identity.
    """
    origin = request["origin"].get("s3")
    if origin is None or (access == "oai" and origin.get("authMethod") != "origin-access-identity"):
        raise MisconfiguredError(
            "the origin in the distribution has to be an S3 bucket, and with x-router-access oai it has to have an "
            "origin access identity: no function can add one"
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
