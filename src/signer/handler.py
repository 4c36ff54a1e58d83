"""Origin request: signs the request with SigV4, as the function's own role, for an AWS origin that asks for IAM.

Settings are origin custom headers (edge.settings), all optional:

- `x-signer-mode`: `sign` (default), or `body-hash`: `x-amz-content-sha256` is set in place of a signature, for an
  origin whose origin access control signs but does not hash the body. Path and query are the same in both modes.
- `x-signer-service`, `x-signer-region`: for an AWS origin whose domain does not tell them.
- `x-signer-strip-prefix`: a path prefix, such as `/api`, that the origin does not know; percent-encoded.
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

# CloudFront Developer Guide, "Quotas on Lambda@Edge": `uri` and `querystring` together are shorter than this.
_URL_BELOW = 8192


def handler(event: object, context: object) -> Request | Response:  # noqa: ARG001 - Lambda's signature
    """In: an origin-request event. Out: the request, signed; or 413 or 414 if CloudFront's limits prevent that.

    Raises MisconfiguredError, which CloudFront answers with 503.
    """
    config, request = origin_request(event)
    settings = Settings(take_settings(request, "x-signer-"))
    if is_truncated(request):
        return _rejected(config, 413, "The body is larger than 1 MB, the most that CloudFront lets be signed.")
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
    """Gives path and query the one spelling that every verifier reads alike, and takes the prefix off.

    The path is respelled first: then dots are resolved, and a prefix that is spelled otherwise is recognized.
    """
    origin["path"] = origin["path"] and sigv4.encode_path(origin["path"], service)
    request["uri"] = _stripped(sigv4.encode_path(request["uri"], service), prefix)
    request["querystring"] = sigv4.encode_query(request["querystring"])


def _sign(request: Request, origin: CustomOrigin | S3Origin, payload_hash: str, service: str, region: str) -> None:
    """Adds the signature, and the Host that it covers."""
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
    """The sandbox's: Lambda sets them when it starts one, and never again."""
    return sigv4.credentials_from_environment()


def _stripped(path: str, prefix: str) -> str:
    """`/api/books` becomes `/books` and `/api` becomes `/`; `/apiary` is another path and stays."""
    prefix = "/" + prefix.strip("/")
    if prefix != "/" and (path + "/").startswith(prefix + "/"):
        return path[len(prefix) :] or "/"
    return path


def _rejected(config: Config, status: int, detail: str) -> Response:
    """A problem (RFC 9457) in place of the origin's answer."""
    from edge.log import log  # no signed request waits for what only refusals need

    log(decision="rejected", status=status, cause=detail, request_id=config.get("requestId", ""))
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    return generated_response(status, headers, json.dumps({"status": status, "detail": detail}))
