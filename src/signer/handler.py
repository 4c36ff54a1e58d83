"""Origin request: signs the request with SigV4, as the function's own role, for an AWS origin that requires IAM.

Settings are origin custom headers (edge.settings), all optional:

- `x-signer-mode`: `sign` (default), or `body-hash`: the function sets `x-amz-content-sha256` and does not sign, for an
  origin whose origin access control signs but does not hash the body. Both modes treat path and query alike.
- `x-signer-service`, `x-signer-region`: for an AWS origin whose domain does not name them.
- `x-signer-strip-prefix`: a path prefix to remove, such as `/api`, because the origin does not know it;
  percent-encoded.
- `x-signer-keep-authorization`: `true` passes the viewer's Authorization on as `X-Forwarded-Authorization`.

The association needs IncludeBody: a signature covers the body.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time

from edge import sigv4
from edge.cloudfront import generated_response, origin_of, origin_request, set_header
from edge.settings import take_settings
from signer.body import is_truncated, payload
from signer.endpoint import host, scope
from signer.settings import Settings
from signer.viewer import remove_signatures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edge.cloudfront import Config, CustomOrigin, Request, Response, S3Origin

# CloudFront Developer Guide, "Quotas on Lambda@Edge": `uri` and `querystring` together must be shorter than this.
_URL_BELOW = 8192


def handler(event: object, context: object) -> Request | Response:  # noqa: ARG001 - Lambda's signature
    """In: an origin-request event. Out: the signed request; or 413 or 414 if the request exceeds CloudFront's limits.

    Raises MisconfiguredError. CloudFront then answers 503.
    """
    config, request = origin_request(event)
    settings = Settings(take_settings(request, "x-signer-"))
    if is_truncated(request):
        return _rejected(config, 413, "The body is larger than 1 MB, CloudFront's limit for a body that is signed.")
    payload_hash = hashlib.sha256(payload(request)).hexdigest()
    remove_signatures(request, keep_authorization=settings.keep_authorization)
    origin = origin_of(request)
    service, region = scope(origin["domainName"], settings)
    _respell(request, origin, service, settings.strip_prefix)
    if settings.mode == "sign":
        _sign(request, origin, payload_hash, service, region)
    else:
        set_header(request["headers"], "X-Amz-Content-Sha256", payload_hash)
    if len(request["uri"]) + len(request["querystring"]) >= _URL_BELOW:
        return _rejected(config, 414, f"Path and query, percent-encoded, have {_URL_BELOW} characters or more.")
    return request


def _respell(request: Request, origin: CustomOrigin | S3Origin, service: str, prefix: str) -> None:
    """Encodes path and query so that every verifier reads them alike, and removes the prefix from the path.

    The path is encoded first. This resolves dot segments, and a prefix with other escapes is then recognized.
    """
    origin["path"] = origin["path"] and sigv4.encode_path(origin["path"], service)
    request["uri"] = _stripped(sigv4.encode_path(request["uri"], service), sigv4.encode_path(prefix, service))
    request["querystring"] = sigv4.encode_query(request["querystring"])


def _sign(request: Request, origin: CustomOrigin | S3Origin, payload_hash: str, service: str, region: str) -> None:
    """Adds the signature and the Host that the signature covers."""
    authority = host(request["origin"], origin["domainName"])
    added = sigv4.signed_headers(
        request["method"],
        authority,
        origin["path"] + request["uri"],
        request["querystring"],
        {},
        payload_hash,
        service=service,
        region=region,
        credentials=credentials(),
        now=time.time(),
        send_hash=True,
    )
    added["host"] = authority
    request["headers"].update({name: [{"key": name, "value": value}] for name, value in added.items()})


@functools.cache
def credentials() -> sigv4.Credentials:
    """The credentials of this sandbox. Lambda sets them when it starts the sandbox and never changes them."""
    return sigv4.credentials_from_environment()


def _stripped(path: str, prefix: str) -> str:
    """The path without the prefix: `/api/books` becomes `/books`, `/api` becomes `/`, and `/apiary` is unchanged."""
    prefix = "/" + prefix.strip("/")
    if prefix != "/" and (path + "/").startswith(prefix + "/"):
        return path[len(prefix) :] or "/"
    return path


def _rejected(config: Config, status: int, detail: str) -> Response:
    """A problem (RFC 9457) in place of the origin's response."""
    from edge.log import log  # imported here, because only a rejected request needs it

    log(decision="rejected", status=status, cause=detail, request_id=config.get("requestId", ""))
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    return generated_response(status, headers, json.dumps({"status": status, "detail": detail}))
