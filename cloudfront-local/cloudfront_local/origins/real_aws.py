"""The real AWS, for buckets, function URLs and APIs that are not in the stack: `--pass-through`."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

import botocore.session
from botocore.credentials import Credentials

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import Origin
from cloudfront_local.errors import LocalError
from cloudfront_local.origins.signing import Service, signed
from cloudfront_local.origins.transport import Transport


@dataclass(frozen=True)
class RealAws:
    """Sends requests to the real AWS, signed with the developer's own `credentials`."""

    transport: Transport
    credentials: Credentials

    @classmethod
    def of_developer(cls) -> RealAws:
        """The AWS that the AWS CLI would reach here: with the same credentials, and at AWS_ENDPOINT_URL if that is set.

        Raises LocalError if there are no credentials.
        """
        credentials = botocore.session.Session().get_credentials()
        if credentials is None:
            raise LocalError(
                "--pass-through signs requests with your own AWS credentials, and there are none. Sign in (aws sso "
                "login, aws configure), or set AWS_PROFILE."
            )
        return cls(Transport(os.environ.get("AWS_ENDPOINT_URL")), credentials)

    async def fetch(self, request: Request, origin: Origin, service: Service, region: str, *, signs: bool) -> Response:
        """The answer of the real AWS. `signs` says whether CloudFront signs the request.

        A function signed with keys of the embedded AWS, which mean nothing there: its signature is replaced, too.
        Raises OriginFailed.
        """
        journal.remark(f"{origin.domain_name} is not in this stack: the request goes to the real AWS (--pass-through).")
        if signs or request.headers.get("Authorization", "").startswith("AWS4-"):
            frozen = await asyncio.to_thread(self.credentials.get_frozen_credentials)  # May ask for new ones.
            request = signed(request, origin, service, region, frozen)
        return await self.transport.send(request, origin)
