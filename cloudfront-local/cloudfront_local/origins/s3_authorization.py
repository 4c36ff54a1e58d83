"""Authorization of requests to S3: signatures that a function made, and what S3 answers to anything else."""

from __future__ import annotations

import re
from html import escape

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.origins.s3_errors import error

# The query string of a presigned URL (Signature Version 4 or 2).
_SIGNED_QUERY = re.compile(r"(?:^|&)(?:X-Amz-Algorithm|Signature)=")

# A signature of version 4 in the header Authorization. IAM User Guide, "Elements of an AWS API request signature".
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=[^/, ]+/[0-9]{8}/[^/, ]+/[^/, ]+/aws4_request *, *SignedHeaders=[^, ]+ *, *"
    r"Signature=[0-9a-f]{64} *"
)


def is_signed(request: Request) -> bool:
    return "Authorization" in request.headers or "X-Amz-Signature=" in request.querystring


def refusal(request: Request) -> Response | None:
    """S3's answer to an Authorization that is no signature, or one of two signatures; None if S3 verifies it."""
    sent = request.headers.get("Authorization")
    if sent is None:
        return None
    if not sent.startswith(("AWS4", "AWS ")):
        return _unsupported(sent)
    if is_presigned(request):
        return two_signatures()
    if sent.startswith("AWS4") and not _AUTHORIZATION.fullmatch(sent):
        return _malformed()
    return None


def is_presigned(request: Request) -> bool:
    return _SIGNED_QUERY.search(request.querystring) is not None


def two_signatures() -> Response:
    """S3's answer to a presigned URL that CloudFront signs, too. Source: catalyst/moodle-tool_objectfs#303."""
    journal.remark(
        "S3 refuses the request: its query string is a presigned URL's, and CloudFront's origin access control or a "
        "function signs, too. Do not forward the parameters X-Amz-..., or sign presigned URLs by nothing else."
    )
    message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
    return error(400, "InvalidArgument", f"{message}parameter or the Authorization header should be specified")


def _unsupported(sent: str) -> Response:
    """S3's answer to an Authorization that is no signature. S3 sends the credentials back to the viewer.

    Source: danialfarid/ng-file-upload#615; Einstore/Einstore#152.
    """
    journal.remark(
        "S3 refuses the request: its Authorization is no signature of AWS. Do not forward the viewer's Authorization "
        "to S3: delete the header at origin-request, or let an origin access control sign always."
    )
    detail = f"<ArgumentName>Authorization</ArgumentName><ArgumentValue>{escape(sent, quote=False)}</ArgumentValue>"
    return error(400, "InvalidArgument", "Unsupported Authorization Type", detail)


def _malformed() -> Response:
    journal.remark(
        "S3 refuses the request: its Authorization begins like a signature of version 4, but lacks parts of it. Sign "
        "in the function at origin-request, or delete the header there."
    )
    return error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed")


def scope_region(request: Request) -> str | None:
    """The Region in the credential scope of a function's own signature; None without one."""
    scope = credential(request)
    return scope[2] if len(scope) == 5 else None


def credential(request: Request) -> list[str]:
    """Access key, date, Region, service and `aws4_request` of a function's own signature. Without an Authorization
    header, a list with an empty string."""
    return request.headers.get("Authorization", "").partition("Credential=")[2].partition(",")[0].split("/")
