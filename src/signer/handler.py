"""Origin request: signs the request with SigV4, by the function's own role, for an AWS origin that asks for IAM.

Settings are origin custom headers (edge.settings), all optional:

- `x-signer-mode`: `sign` (default), or `body-hash`: only `x-amz-content-sha256` is set, for an origin whose origin
  access control signs but cannot hash the body.
- `x-signer-service`, `x-signer-region`: for an AWS origin whose domain does not tell them.
- `x-signer-strip-prefix`: a path prefix, such as `/api`, that the origin does not know.
- `x-signer-keep-authorization`: `true` passes the viewer's Authorization on as `X-Forwarded-Authorization`.

The association needs IncludeBody: a signature covers the body.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time

from edge import sigv4
from edge.cloudfront import TYPE_CHECKING, generated_response, origin_request, set_header
from edge.log import log
from edge.settings import take_settings
from signer.endpoint import scope
from signer.viewer import remove_signatures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.cloudfront import Config, Request, Response

# CloudFront Developer Guide, "Quotas on Lambda@Edge": what an origin-request function sees of a body.
BODY_LIMIT = "1 MB"
_MODES = ("sign", "body-hash")
_BODILESS = ("GET", "HEAD", "OPTIONS")


class MisconfiguredError(Exception):
    """The distribution gives the signer something it cannot work with; says which setting to change."""


def handler(event: object, context: object) -> Request | Response:  # noqa: ARG001 - Lambda's signature
    """In: an origin-request event. Out: the request, signed; or 413 when CloudFront truncated its body.

    Raises MisconfiguredError, which CloudFront answers with 503.
    """
    config, request = origin_request(event)
    settings = take_settings(request, "x-signer-")
    if request.get("body", {}).get("inputTruncated"):
        return _too_large(config)
    _strip_prefix(request, settings.get("strip-prefix", ""))
    remove_signatures(request, keep_authorization=settings.get("keep-authorization") == "true")
    payload_hash = hashlib.sha256(_payload(request)).hexdigest()
    if _mode(settings) == "body-hash":
        set_header(request["headers"], "X-Amz-Content-Sha256", payload_hash)
    else:
        _sign(request, payload_hash, settings)
    return request


def _mode(settings: Mapping[str, str]) -> str:
    mode = settings.get("mode", "sign")
    if mode not in _MODES:
        raise MisconfiguredError(f"x-signer-mode is {mode!r}: set it to one of {', '.join(_MODES)}")
    return mode


def _strip_prefix(request: Request, prefix: str) -> None:
    """`/api/books` becomes `/books`, `/api` becomes `/`; `/apiary` is another path and stays."""
    prefix = prefix.rstrip("/")
    if prefix and (request["uri"] == prefix or request["uri"].startswith(prefix + "/")):
        request["uri"] = request["uri"][len(prefix) :] or "/"


def _payload(request: Request) -> bytes:
    """The raw bytes of the body, as the origin will receive them."""
    body = request.get("body")
    if body is None:
        if request["method"] in _BODILESS:
            return b""
        raise MisconfiguredError("the event has no body: set IncludeBody on the function's association")
    return base64.b64decode(body["data"]) if body["encoding"] == "base64" else body["data"].encode()


def _sign(request: Request, payload_hash: str, settings: Mapping[str, str]) -> None:
    """Adds the signature, and makes the request say what was signed: host, path and query."""
    (origin,) = request["origin"].values()
    host = origin["domainName"]
    service, region = scope(host, settings)
    request["uri"] = sigv4.encode_path(request["uri"], service)
    request["querystring"] = sigv4.encode_query(request["querystring"])
    set_header(request["headers"], "Host", host)
    added = sigv4.signed_headers(
        request["method"],
        host,
        origin["path"] + request["uri"],
        request["querystring"],
        {"x-amz-content-sha256": payload_hash},
        payload_hash,
        service=service,
        region=region,
        credentials=sigv4.credentials_from_environment(),
        now=time.time(),
    )
    added["x-amz-content-sha256"] = payload_hash
    for name, value in added.items():
        set_header(request["headers"], name, value)


def _too_large(config: Config) -> Response:
    log(decision="too large", status=413, requestId=config["requestId"])
    message = f"The body is larger than {BODY_LIMIT}, the most that CloudFront shows to the function that signs it."
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return generated_response(413, headers, json.dumps({"status": 413, "message": message}))
