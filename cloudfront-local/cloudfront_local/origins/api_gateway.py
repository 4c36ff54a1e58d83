"""REST and HTTP APIs of API Gateway by their own names: `<id>.execute-api.<Region>.amazonaws.com`.

The embedded AWS serves them. This module makes the checks that API Gateway makes before it looks for a stage, and tells
the terminal why a request has no route.
Sources: API Gateway Developer Guide, "Invoke REST APIs in API Gateway"; AWS re:Post, "How do I troubleshoot HTTP 403
errors from API Gateway?"; aws-solutions-library-samples/secure-media-delivery-at-the-edge-on-aws#35.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from multidict import CIMultiDict

from cloudfront_local.distribution import journal, pages, unverified
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginUnconnected
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.origins import look_up
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.transport import Transport

_DOMAIN = re.compile(r"[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com")
_NO_ROUTE = {"REST": (403, "Missing Authentication Token"), "HTTP": (404, "Not Found")}
# What authorizers of HTTP APIs answer: no header tells their answers from those of functions.
_OF_AUTHORIZERS = ((401, "Unauthorized"), (403, "Forbidden"))
# Characters of an error of the embedded AWS that the terminal shows. A later part may quote the request's headers.
_SHOWN = 200


@dataclass(frozen=True)
class Api:
    """An API of the stack, with the names of its stages."""

    kind: Literal["REST", "HTTP"]
    stages: frozenset[str]


# (Region, id) -> the API, or None if there is none.
Apis = Callable[[tuple[str, str]], Awaitable[Api | None]]


@dataclass(frozen=True)
class ApiGateway:
    """Sends a distribution's requests to APIs. APIs that are not in the stack are those of `real_aws`, if there is
    one."""

    transport: Transport
    apis: Apis
    real_aws: RealAws | None = None
    told: Unverified = field(default_factory=Unverified)

    def serves(self, origin: CustomOrigin) -> bool:
        return _DOMAIN.fullmatch(origin.domain_name) is not None

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response:
        """The API's answer, or API Gateway's 403. Raises OriginFailed if the API is asked for plain HTTP."""
        name, _, region, *_ = origin.domain_name.split(".")
        if (origin.protocol, origin.port) != ("https", 443):
            journal.remark(
                f"Origin {origin.domain_name}: API Gateway takes HTTPS only, at port 443, but this origin asks for "
                f"{origin.protocol} at port {origin.port}. Set its OriginProtocolPolicy to https-only."
            )
            self.told.tell(unverified.CLOSED_PORT)
            raise OriginUnconnected(*pages.ORIGIN_TIMEOUT)
        api = await look_up.answered(self.apis((region, name)), origin.read_timeout)
        if api is None and self.real_aws:
            return await self.real_aws.fetch(request, origin, "execute-api", region, signs=False)
        if api is None:
            return _forbidden(
                f"API {name} is not in this stack, in {region}. Choose an API of the template, such as !Sub "
                "${Api}.execute-api.${AWS::Region}.amazonaws.com, or send such requests to the real AWS: "
                "--pass-through."
            )
        if request.headers.get("Host") != origin.domain_name:
            return _forbidden(
                f"API Gateway refuses the request: its Host is not the origin's domain name, {origin.domain_name}. Do "
                "not forward the viewer's Host: use the origin request policy AllViewerExceptHostHeader."
            )
        response = await self.transport.send(request, origin)
        _explain(response, request, name, api)
        return response


def _explain(response: Response, request: Request, name: str, api: Api) -> None:
    """Tells the terminal why API Gateway itself refuses a request."""
    stage = request.uri[1:].partition("/")[0]
    message = _message(response)
    if stage not in api.stages and "$default" not in api.stages and response.status in (403, 404):
        known = ", ".join(sorted(api.stages)) or "none"
        journal.remark(
            f"API {name} has no stage {stage!a}; its stages: {known}. The first part of the path that the origin gets "
            "is the stage: set the OriginPath of the origin to it, such as /prod."
        )
    elif (response.status, message) == _NO_ROUTE[api.kind]:
        unsigned = ", or the route takes signed requests only (AWS_IAM)" if api.kind == "REST" else ""
        journal.remark(f"API {name} has no route {request.method} {request.uri!a}{unsigned}.")
    elif response.status in (401, 403) and "x-amzn-ErrorType" in response.headers:
        journal.remark(f"API {name} refuses the request: {message[:_SHOWN]!a}.")
    elif (response.status, message) in _OF_AUTHORIZERS:
        journal.remark(f"API {name} answers {message}: the route's authorizer or its function refuses the request.")


def _message(response: Response) -> str:
    """The message of an error of API Gateway; empty for any other answer."""
    try:
        found = json.loads(response.body)
    except ValueError:
        return ""
    return str(found.get("message") or found.get("Message") or "") if isinstance(found, dict) else ""


def _forbidden(reason: str) -> Response:
    journal.remark(reason)
    headers = CIMultiDict({"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"})
    return Response(403, headers, b'{"message":"Forbidden"}', "Forbidden")
