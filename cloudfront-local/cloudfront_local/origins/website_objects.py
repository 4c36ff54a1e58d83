"""The public objects of a website's bucket.

The embedded S3 has no website endpoints. So this module decides by the bucket's policy and its public access block, and
asks for the objects with the keys of the account's root user.
Sources: Amazon S3 User Guide, "Setting permissions for website access" and "Blocking public access to your Amazon S3
storage". That only s3:GetObject decides between 403 and 404: scality/cloudserver#5517.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from botocore.credentials import Credentials

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin, S3Origin
from cloudfront_local.iam.policies import Access, Policy, Principal, denial
from cloudfront_local.origins.signing import signed
from cloudfront_local.origins.transport import Transport
from cloudfront_local.origins.website_configuration import Website, quoted
from cloudfront_local.origins.website_pages import SiteError, phrase

# The codes of errors that an object's conditions and ranges get.
_CODES = {412: "PreconditionFailed", 416: "InvalidRange"}


@dataclass(frozen=True)
class Site:
    """A bucket of the embedded AWS. `website` is None if the bucket is no website. `is_restricted` says whether
    RestrictPublicBuckets of its public access block keeps the public out."""

    region: str
    website: Website | None
    policies: Sequence[Policy]
    is_restricted: bool


# (the name of a bucket) -> the bucket, or None if there is none.
Sites = Callable[[str], Awaitable[Site | None]]


@dataclass(frozen=True)
class Asked:
    """A viewer's request for a key of a website, which is `key` decoded."""

    request: Request
    origin: CustomOrigin
    bucket: str
    site: Site
    website: Website
    key: str


@dataclass(frozen=True)
class Objects:
    """Reads objects with the keys of `root`."""

    transport: Transport
    root: Credentials

    async def get(self, asked: Asked, key: str) -> Response | SiteError:
        """The object of a key, if the public may read it; otherwise the error."""
        if reason := _not_public(asked, key):
            reason = (
                f"The website of bucket {asked.bucket} denies the request for {key!a}: {reason}. A website serves "
                "public objects only: its policy must allow everyone s3:GetObject, and its public access block must "
                "let it. For a private bucket, use its REST endpoint with an origin access control."
            )
            return SiteError(403, "AccessDenied", "Access Denied", reason=reason)
        there = S3Origin(
            domain_name=f"{asked.bucket}.s3.{asked.site.region}.amazonaws.com",
            region=asked.site.region,
            read_timeout=asked.origin.read_timeout,
        )
        request = replace(asked.request, uri=f"/{quoted(key)}", querystring="")
        response = await self.transport.send(signed(request, there, "s3", there.region, self.root), there)
        if response.status < 400:
            return _as_website(response)
        if response.status == 404:
            reason = f"There is no object {key!a} in bucket {asked.bucket}."
            return SiteError(404, "NoSuchKey", "The specified key does not exist.", (("Key", key),), reason)
        return SiteError(response.status, _CODES.get(response.status, "InternalError"), phrase(response.status))


def _not_public(asked: Asked, key: str) -> str | None:
    """Why the public may not read an object; None if it may."""
    if asked.site.is_restricted:
        return "RestrictPublicBuckets is on"
    headers = asked.request.headers
    known = {
        "aws:securetransport": "false",
        "aws:referer": headers.get("Referer", ""),
        "aws:useragent": headers.get("User-Agent", ""),
    }
    resource = f"arn:aws:s3:::{asked.bucket}/{key}"
    reason = denial(asked.site.policies, Access(Principal(), "s3:GetObject", resource, known))
    if reason and "aws:referer" in reason.lower():
        return "a condition on aws:Referer is not met"  # its value is a secret between CloudFront and the bucket
    return reason


def _as_website(response: Response) -> Response:
    headers = response.headers.copy()
    headers.popall("x-amzn-requestid", None)
    headers["Server"] = "AmazonS3"
    return replace(response, headers=headers)
