"""S3 origins: requests to buckets, with the checks that S3 makes on AWS.

The embedded S3 does not know CloudFront's service principal. So this module reads the bucket's policy and evaluates it.
It signs a request that the policy allows with the keys of the account's root user.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from botocore.credentials import Credentials
from multidict import CIMultiDict

from cloudfront_local.distribution import journal
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import S3Origin, is_global_endpoint, s3_region
from cloudfront_local.iam import context
from cloudfront_local.iam.policies import Access, Principal, denial
from cloudfront_local.origins import look_up, s3_authorization
from cloudfront_local.origins.function_url import Account
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.s3_errors import error
from cloudfront_local.origins.signing import signed
from cloudfront_local.origins.transport import Transport

_ACTIONS = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}

# Query parameters that address something other than the object's content. Source: Amazon S3 API Reference.
_SUBRESOURCE = re.compile(
    "accelerate|acl|analytics|attributes|cors|delete|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|location"
    "|logging|metrics|notification|object-lock|ownershipControls|partNumber|policy|policyStatus|publicAccessBlock"
    "|replication|requestPayment|restore|retention|select|tagging|torrent|uploadId|uploads|versionId|versioning|versions"
    "|website"
)

# Headers that the embedded S3 adds, with values that S3 does not send.
_NOT_OF_S3 = ("Server", "x-amzn-requestid")


@dataclass(frozen=True)
class S3:
    """Sends a distribution's requests to S3. `root` are the keys of the embedded account's root user, which no function
    ever gets. `account` finds the roles of functions by their keys. Buckets that are not in the stack are those of
    `real_aws`, if there is one."""

    transport: Transport
    distribution_arn: str
    root: Credentials
    account: Account
    real_aws: RealAws | None = None

    async def fetch(self, request: Request, origin: S3Origin) -> Response:
        """The bucket's answer, or S3's own error. The uri of `request` is the object's key after a slash."""
        signs = _signs(request, origin)
        # 1. A bucket answers in its own Region only, and a signature is valid in one Region only.
        home = await self._region_of_bucket(origin)
        if home is None and self.real_aws:
            return await self.real_aws.fetch(request, origin, "s3", origin.region, signs=signs)
        if home is None:
            journal.remark(
                f"S3 bucket {origin.bucket} is not in this stack, so the embedded AWS cannot answer as the real one "
                "does. Choose a bucket of the template, make this one (aws s3api create-bucket), or send such requests "
                "to the real AWS: --pass-through."
            )
        if not signs and (refused := s3_authorization.refusal(request)):
            return refused
        origin = _at_home(origin, home)
        if home and (refused := _wrong_region(request, origin, home, signs)):
            return refused
        # 2. S3 itself decides on a request that a function signed.
        if not signs and s3_authorization.is_signed(request):
            return await self._signed_by_function(request, origin, bucket_exists=home is not None)
        # 3. S3 finds the bucket by Host, and CloudFront signs for the origin's domain name.
        if request.headers.get("Host") != origin.domain_name:
            return _wrong_host(origin, signs)
        return await self._by_policy(request, origin, signs=signs)

    async def _by_policy(self, request: Request, origin: S3Origin, *, signs: bool) -> Response:
        if signs and s3_authorization.is_presigned(request):
            return s3_authorization.two_signatures()
        request = _with_one_range(request)
        # 4. The bucket's policy must allow the request. A CORS preflight needs no permission.
        stored = await self._send(_policy_request(request, origin), origin)
        if stored.status != 200 and b"<Code>NoSuchBucketPolicy</Code>" not in stored.body:
            return _as_s3(stored)
        policies = [json.loads(stored.body)] if stored.status == 200 else []
        access = self._access(request, origin, signs)
        if request.method != "OPTIONS" and (reason := denial(policies, access)):
            return _denied(origin, reason)
        # 5. The request goes to the bucket. Without permission to list the bucket, S3 hides that an object is missing.
        response = await self._send(request, origin)
        if response.status == 404:
            listing = replace(access, action="s3:ListBucket", resource=f"arn:aws:s3:::{origin.bucket}")
            if denial(policies, listing):
                return _hidden(request, origin, "the bucket's policy does not allow CloudFront")
        return _as_s3(response)

    async def _signed_by_function(self, request: Request, origin: S3Origin, *, bucket_exists: bool) -> Response:
        """The answer to a request that a function signed. For a missing object in a bucket that the function's role may
        not list, S3 answers 403, but the embedded S3 answers 404."""
        response = await self.transport.send(request, origin)
        role = self.account.role(s3_authorization.credential(request)[0])
        if response.status == 404 and bucket_exists and role:
            known = context.of_role(role, request.headers.get("User-Agent", ""))
            listing = Access(None, "s3:ListBucket", f"arn:aws:s3:::{origin.bucket}", known)
            if denial(await look_up.answered(self.account.policies(role), origin.read_timeout), listing):
                return _hidden(request, origin, "the policies of the role that signed do not allow")
        return _as_s3(response)

    def _access(self, request: Request, origin: S3Origin, signs: bool) -> Access:
        key = _key(request)
        bucket = f"arn:aws:s3:::{origin.bucket}"
        known = {"aws:securetransport": "true"}
        if signs and origin.access_control:
            known = context.of_cloudfront(self.distribution_arn)
        return Access(
            principal=_principal(origin, signs),
            action=_action(request, key),
            resource=f"{bucket}/{key}" if key else bucket,
            context=known,
        )

    async def _region_of_bucket(self, origin: S3Origin) -> str | None:
        """The bucket's Region; None if there is no such bucket."""
        response = await self._send(Request("HEAD", "/", headers=CIMultiDict({"Host": origin.domain_name})), origin)
        return response.headers.get("x-amz-bucket-region")

    async def _send(self, request: Request, origin: S3Origin) -> Response:
        """Signs the request with the root keys and sends it."""
        return await self.transport.send(signed(request, origin, "s3", origin.region, self.root), origin)


def _key(request: Request) -> str:
    """The object's key: + in a path is a space. Source: dnbert/prm#46."""
    return unquote(request.uri.removeprefix("/").replace("+", "%20"))


def _with_one_range(request: Request) -> Request:
    """The request without several ranges, for which S3 sends the object. Source: S3 API Reference, GetObject."""
    headers = request.headers.copy()
    if "," in headers.get("Range", ""):
        headers.popall("Range")
    return replace(request, headers=headers)


def _signs(request: Request, origin: S3Origin) -> bool:
    """Whether CloudFront signs the request. Developer Guide, "Advanced settings for origin access control"."""
    if origin.access_identity:
        return True
    match origin.access_control:
        case None:
            return False
        case control if control.signing == "no-override":
            return "Authorization" not in request.headers
        case control:
            return control.signing == "always"


def _principal(origin: S3Origin, signs: bool) -> Principal:
    if not signs:
        return Principal()
    if origin.access_identity:
        user = f"CloudFront Origin Access Identity {origin.access_identity}"
        return Principal("AWS", f"arn:aws:iam::cloudfront:user/{user}", origin.canonical_user)
    return Principal("Service", "cloudfront.amazonaws.com")


def _action(request: Request, key: str) -> str:
    """The IAM action for the request. For a subresource it is a made-up name that only a policy with `s3:*` allows."""
    for parameter in request.querystring.split("&"):
        if _SUBRESOURCE.fullmatch(unquote(parameter.partition("=")[0])):
            return f"s3:{request.method}?{parameter.partition('=')[0]}"
    if not key and request.method in ("GET", "HEAD"):
        return "s3:ListBucket"
    return _ACTIONS.get(request.method, f"s3:{request.method}")


def _policy_request(request: Request, origin: S3Origin) -> Request:
    return Request("GET", "/", "policy", CIMultiDict({"Host": origin.domain_name}), client_ip=request.client_ip)


def _wrong_host(origin: S3Origin, signs: bool) -> Response:
    """Source: Developer Guide, "HTTP 502 status code"; aws/aws-cdk#20090."""
    journal.remark(
        f"S3 refuses the request: its Host is not the origin's domain name, {origin.domain_name}. A function that "
        "chooses an S3 origin must also set headers.host. An origin request policy for S3 must not forward Host."
    )
    if signs:
        return error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    return error(404, "NoSuchBucket", "The specified bucket does not exist")


def _wrong_region(request: Request, origin: S3Origin, home: str, signs: bool) -> Response | None:
    """S3's error for a request that is signed for, or sent to, another Region than the bucket's; otherwise None."""
    signed_for = origin.region if signs else s3_authorization.scope_region(request)
    if signed_for not in (None, home):
        journal.remark(
            f"S3 bucket {origin.bucket} is in {home}, but the request is signed for {signed_for}. A function that "
            "chooses an S3 origin must set origin.s3.region to the bucket's Region, or sign for that Region itself."
        )
        message = f"The authorization header is malformed; the region '{signed_for}' is wrong; expecting '{home}'"
        return error(400, "AuthorizationHeaderMalformed", message, f"<Region>{home}</Region>")
    if s3_region(origin.domain_name) != home and not is_global_endpoint(origin.domain_name):
        journal.remark(
            f"S3 bucket {origin.bucket} is in {home}, but the origin's domain name, {origin.domain_name}, is for "
            f"another Region. Use {origin.bucket}.s3.{home}.amazonaws.com."
        )
        message = "The bucket you are attempting to access must be addressed using the specified endpoint."
        endpoint = f"{origin.bucket}.s3.{home}.amazonaws.com"
        return error(301, "PermanentRedirect", message, f"<Endpoint>{endpoint}</Endpoint>")
    return None


def _at_home(origin: S3Origin, home: str | None) -> S3Origin:
    """The origin as S3's global endpoint serves it: in the bucket's own Region, unless a function names another one."""
    is_open = is_global_endpoint(origin.domain_name) and origin.region == s3_region(origin.domain_name)
    return replace(origin, region=home) if home and is_open else origin


def _denied(origin: S3Origin, reason: str) -> Response:
    whom = "this distribution's origin access control"
    if origin.access_identity:
        whom = f"the origin access identity {origin.access_identity}"
    journal.remark(
        f"S3 bucket {origin.bucket} denies CloudFront the request: {reason}. The bucket's policy "
        f"(AWS::S3::BucketPolicy) must allow access by {whom}."
    )
    return error(403, "AccessDenied", "Access Denied")


def _as_s3(response: Response) -> Response:
    headers = response.headers.copy()
    for name in _NOT_OF_S3:
        headers.popall(name, None)
    headers["Server"] = "AmazonS3"
    return replace(response, headers=headers)


def _hidden(request: Request, origin: S3Origin, refusal: str) -> Response:
    journal.remark(
        f"There is no object {_key(request)!a} in bucket {origin.bucket}. S3 answers 403, not "
        f"404, because {refusal} s3:ListBucket."
    )
    return error(403, "AccessDenied", "Access Denied")
