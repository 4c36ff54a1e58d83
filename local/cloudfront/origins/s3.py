"""S3 origins: a bucket answers CloudFront only as its policy lets it.

The embedded S3 holds the objects but does not know CloudFront's service principal. So the bucket's own policy is read
back and weighed here, and an admitted request is signed as the account's root.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from multidict import CIMultiDict

from local.cloudfront.messages import Request, Response
from local.cloudfront.origins.bucket_policy import Access, Principal, denial
from local.cloudfront.origins.origin import S3Origin
from local.cloudfront.origins.transport import Transport

log = logging.getLogger("cloudfront.s3")

_ACTIONS = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}

_ACCESS_DENIED = """\
<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"""


@dataclass(frozen=True)
class S3:
    """S3 as a distribution sees it. `root` are the embedded account's own keys, which no function ever gets."""

    transport: Transport
    distribution_arn: str
    account_id: str
    root: Credentials

    async def fetch(self, request: Request, origin: S3Origin) -> Response:
        """The bucket's answer to a request whose uri is the object's key; S3's own 403 where the policy says no."""
        policy = await self._policy(origin)
        access = self._access(request, origin)
        if reason := denial(policy, access):
            log.warning(
                "S3 403: %s refuses %s to CloudFront: %s. See the bucket's policy in the template.",
                origin.bucket,
                access.action,
                reason,
            )
            return _access_denied()
        response = await self._send(request, origin)
        if response.status == 404 and not self._may_list(policy, access, origin):
            # S3 hides whether a key exists from whoever may not list the bucket.
            return _access_denied()
        return response

    def _access(self, request: Request, origin: S3Origin) -> Access:
        key = unquote(request.uri.lstrip("/"))
        return Access(
            principal=self._principal(request, origin),
            action=_ACTIONS.get(request.method, f"s3:{request.method}"),
            resource=f"arn:aws:s3:::{origin.bucket}/{key}",
            context=self._context(origin),
        )

    def _principal(self, request: Request, origin: S3Origin) -> Principal:
        if origin.access_identity:
            user = f"CloudFront Origin Access Identity {origin.access_identity}"
            return Principal("AWS", frozenset({f"arn:aws:iam::cloudfront:user/{user}"}))
        control = origin.access_control
        signs = control and (
            control.signing == "always" or (control.signing == "no-override" and "Authorization" not in request.headers)
        )
        return Principal("Service", frozenset({"cloudfront.amazonaws.com"})) if signs else Principal()

    def _context(self, origin: S3Origin) -> Mapping[str, str]:
        context = {"aws:securetransport": "true"}
        if origin.access_control:
            context |= {"aws:sourcearn": self.distribution_arn, "aws:sourceaccount": self.account_id}
        return context

    def _may_list(self, policy: Mapping[str, Any] | None, access: Access, origin: S3Origin) -> bool:
        listing = replace(access, action="s3:ListBucket", resource=f"arn:aws:s3:::{origin.bucket}")
        return denial(policy, listing) is None

    async def _policy(self, origin: S3Origin) -> Mapping[str, Any] | None:
        request = Request("GET", "/", "policy", CIMultiDict({"Host": origin.domain_name}))
        response = await self._send(request, origin)
        return json.loads(response.body) if response.status == 200 else None

    async def _send(self, request: Request, origin: S3Origin) -> Response:
        """Sends the request signed, as S3 wants it: header by header the same, plus the signature's."""
        url = f"https://{origin.domain_name}{request.target}"
        signed = AWSRequest(request.method, url, data=request.body, headers={"Host": origin.domain_name})
        S3SigV4Auth(self.root, "s3", origin.region).add_auth(signed)
        headers = request.headers.copy()
        headers.popall("Authorization", None)
        headers.update(signed.headers.items())
        return await self.transport.send(replace(request, headers=headers), origin)


def _access_denied() -> Response:
    headers = CIMultiDict({"Content-Type": "application/xml", "Server": "AmazonS3"})
    return Response(403, headers, _ACCESS_DENIED.encode(), "Forbidden")
