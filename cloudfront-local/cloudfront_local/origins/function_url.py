"""Function URLs: the checks that Lambda makes before it runs the function.

The embedded AWS checks the signature and `lambda:InvokeFunctionUrl` only. AWS also checks other things, so a request
that passes here could fail in production. This module makes the missing checks before it sends the request.
Source: Lambda Developer Guide, "Control access to Lambda function URLs"; IAM User Guide, "Troubleshoot SigV4".
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.credentials import Credentials
from multidict import CIMultiDict

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin
from cloudfront_local.iam import context
from cloudfront_local.iam.policies import Access, Policy, Principal, denial
from cloudfront_local.origins import look_up
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.signing import signed
from cloudfront_local.origins.transport import Transport
from cloudfront_local.rules import facts

_DOMAIN = re.compile(r"[a-z0-9-]+\.lambda-url\.(?P<region>[a-z0-9-]+)\.on\.aws")
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/,]+)/(?P<date>\d{8})/(?P<region>[^/,]+)/(?P<service>[^/,]+)/aws4_request,"
)
_CLOUDFRONT = Principal("Service", "cloudfront.amazonaws.com")
# The embedded AWS runs a process for each invocation. A hundred at once would overload it and the laptop.
_CONCURRENCY = 8
_CLOCK_SKEW = timedelta(minutes=5)
_TROUBLESHOOTING = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
_FORBIDDEN = f"Forbidden. For troubleshooting Function URL authorization issues, see: {_TROUBLESHOOTING}"


@dataclass(frozen=True)
class Refused:
    """A refused request: AWS's error code and message for the caller, and the reason for the terminal."""

    code: str
    message: str
    reason: str


@dataclass(frozen=True)
class Target:
    """The function behind a URL. `auth_type` is AWS_IAM or NONE; `policy` is the function's own policy, if any."""

    arn: str
    auth_type: str
    policy: Policy | None


@dataclass(frozen=True)
class Account:
    """Functions that read the embedded AWS for the checks.

    `target(domain)` returns the function behind a URL, or None. `role(access_key)` returns the role of an edge
    function's credentials, and None for any other key. `policies(role)` returns the policies of that role.
    """

    target: Callable[[str], Awaitable[Target | None]]
    role: Callable[[str], str | None]
    policies: Callable[[str], Awaitable[Sequence[Policy]]]


@dataclass(frozen=True)
class FunctionUrls:
    """Sends a distribution's requests to function URLs. `root` signs them where CloudFront would sign on AWS. URLs that
    are not in the stack go to `real_aws`, if there is one."""

    transport: Transport
    account: Account
    distribution_arn: str
    root: Credentials
    real_aws: RealAws | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CONCURRENCY), init=False)

    def serves(self, origin: CustomOrigin) -> bool:
        return _DOMAIN.fullmatch(origin.domain_name) is not None

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response:
        """The function's answer, or AWS's 403. The terminal shows the reason for a 403. Raises OriginFailed."""
        target = await look_up.answered(self.account.target(origin.domain_name), origin.read_timeout)
        signs = _signs(origin.access_control, request)
        region = origin.domain_name.split(".")[2]
        if target is None and self.real_aws:
            return await self.real_aws.fetch(request, origin, "lambda", region, signs=signs)
        if target is None:
            journal.remark(
                f"Function URL {origin.domain_name} is not in this stack: no function here has it, so the embedded AWS "
                "cannot answer as the real one does. Choose the URL of a function of the template, or send such "
                "requests to the real AWS: --pass-through."
            )
        if target is None or target.auth_type == "NONE":
            return await self._invoked(request, origin)
        if request.headers.get("Host") != origin.domain_name:
            return _forbidden(
                origin, Refused("AccessDeniedException", _FORBIDDEN, "Host is not the function URL's domain name")
            )
        if signs:
            refused = self._trust(target) or (_payload(request, required=True) if request.body else None)
            request = signed(request, origin, "lambda", region, self.root)
        else:
            refused = self._signature(request, origin) or await self._permission(request, origin, target)
        if refused:
            return _forbidden(origin, refused)
        response = await self._invoked(request, origin)
        if response.status == 403 and "x-amzn-ErrorType" in response.headers:
            _remark(origin, "the embedded AWS says " + " ".join(response.body.decode(errors="replace").split()))
        return response

    async def _invoked(self, request: Request, origin: CustomOrigin) -> Response:
        async with self._turns:
            return await self.transport.send(request, origin)

    def _signature(self, request: Request, origin: CustomOrigin) -> Refused | None:
        """Checks the parts of a signature that need no key: its presence, scope, time and body hash."""
        found = _AUTHORIZATION.match(request.headers.get("Authorization", ""))
        region = origin.domain_name.split(".")[2]
        if found is None:
            return Refused("AccessDeniedException", _FORBIDDEN, "the request is not signed")
        if found["service"] != "lambda":
            message = "Credential should be scoped to correct service: 'lambda'. "
            return _invalid(message, f"signed for the service {found['service']}, not lambda")
        if found["region"] != region:
            message = f"Credential should be scoped to a valid region, not '{found['region']}'. "
            return _invalid(message, f"signed for {found['region']}; the function is in {region}")
        return self._time(request, found["date"]) or _payload(request)

    def _time(self, request: Request, scope_date: str) -> Refused | None:
        stamp = request.headers.get("X-Amz-Date", "")
        try:
            signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return _invalid("Missing or malformed x-amz-date.", "x-amz-date is missing or malformed")
        if not stamp.startswith(scope_date):
            return _invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.",
                "x-amz-date and the credential scope have different dates",
            )
        now = self.clock()
        if abs(now - signed_at) > _CLOCK_SKEW:
            word = "expired" if signed_at < now else "not yet current"
            return _invalid(
                f"Signature {word}: {stamp}",
                f"signed at {stamp}, more than 5 minutes before or after the current time: check the clock",
            )
        return None

    async def _permission(self, request: Request, origin: CustomOrigin, target: Target) -> Refused | None:
        """Checks that the policies of the caller's role allow both actions."""
        key = request.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        role = self.account.role(key)
        if role is None:
            return None  # The key belongs to no edge function. The embedded AWS decides.
        policies = await look_up.answered(self.account.policies(role), origin.read_timeout)
        known = context.of_role(role, request.headers.get("User-Agent", ""))
        for action, keys in _actions(target).items():
            reason = denial(policies, Access(None, action, target.arn, known | keys))
            if reason:
                name = role.rpartition("/")[2]
                reason = f"the role {name} lacks {action} on {target.arn}: {reason}"
                return Refused("AccessDeniedException", _FORBIDDEN, reason)
        return None

    def _trust(self, target: Target) -> Refused | None:
        """Checks that the function's own policy allows CloudFront's service principal both actions, for this
        distribution."""
        known = context.of_cloudfront(self.distribution_arn)
        for action, keys in _actions(target).items():
            access = Access(_CLOUDFRONT, action, target.arn, known | keys)
            if reason := denial([target.policy] if target.policy else [], access):
                reason = f"the function's policy does not allow CloudFront {action}: {reason}"
                return Refused("AccessDeniedException", _FORBIDDEN, reason)
        return None


def _signs(control: AccessControl | None, request: Request) -> bool:
    """Whether CloudFront signs the request. With no-override, it does only if the request has no Authorization."""
    if control is None or control.signing == "never":
        return False
    return control.signing == "always" or "Authorization" not in request.headers


def _actions(target: Target) -> dict[str, dict[str, str]]:
    """The two actions that a caller needs, each with the condition keys that Lambda sets for it."""
    contexts = ({"lambda:functionurlauthtype": target.auth_type}, {"lambda:invokedviafunctionurl": "true"})
    return dict(zip(facts.FUNCTION_URL_ACTIONS, contexts, strict=True))


def _payload(request: Request, *, required: bool = False) -> Refused | None:
    stated = request.headers.get("X-Amz-Content-Sha256")
    if stated is None and not required:
        return None
    if stated != hashlib.sha256(request.body).hexdigest():
        reason = "x-amz-content-sha256 is missing" if stated is None else "x-amz-content-sha256 is not the body's hash"
        return _invalid("The request signature we calculated does not match the signature you provided.", reason)
    return None


def _invalid(message: str, reason: str) -> Refused:
    return Refused("InvalidSignatureException", message, reason)


def _remark(origin: CustomOrigin, reason: str) -> None:
    journal.remark(f"Function URL {origin.domain_name} refuses the request: {reason}")


def _forbidden(origin: CustomOrigin, refused: Refused) -> Response:
    _remark(origin, refused.reason)
    headers = CIMultiDict({"Content-Type": "application/json", "x-amzn-ErrorType": refused.code})
    return Response(403, headers, json.dumps({"Message": refused.message}).encode(), "Forbidden")
