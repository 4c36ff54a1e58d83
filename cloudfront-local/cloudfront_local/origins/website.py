"""S3 website endpoints: custom origins that speak HTTP only, and serve the public objects of a bucket as a website.

The embedded S3 has no website endpoints; the bucket's website configuration is there.
Sources: Amazon S3 User Guide, "Hosting a static website using Amazon S3" and "Website endpoints".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from multidict import CIMultiDict

from cloudfront_local.distribution import journal, pages, unverified
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginUnconnected
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.origins import look_up
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.origins.website_configuration import Redirect, Website
from cloudfront_local.origins.website_objects import Asked, Objects, Site, Sites
from cloudfront_local.origins.website_pages import SiteError, method_not_allowed, page, phrase, redirected

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(
    rf"(?:(?P<bucket>{_BUCKET.pattern})\.)?s3-website[.-](?P<region>[a-z]{{2}}(?:-[a-z]+)+-[0-9])\.amazonaws\.com"
)
_PORT = re.compile(r":[0-9]{1,5}$")
_CONDITIONAL = ("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range")
_REDIRECT_LOCATION = "x-amz-website-redirect-location"


@dataclass(frozen=True)
class Websites:
    """Sends a distribution's requests to website endpoints. Buckets that are not in the stack are those of `real_aws`,
    if there is one."""

    objects: Objects
    sites: Sites
    real_aws: RealAws | None = None
    told: Unverified = field(default_factory=Unverified)

    def serves(self, origin: CustomOrigin) -> bool:
        return _ENDPOINT.fullmatch(origin.domain_name) is not None

    async def fetch(self, request: Request, origin: CustomOrigin) -> Response:
        """The website's answer. Raises OriginFailed if the endpoint is asked for HTTPS."""
        if (origin.protocol, origin.port) != ("http", 80):
            journal.remark(
                f"Origin {origin.domain_name}: S3 website endpoints speak HTTP only, at port 80, but this origin asks "
                f"for {origin.protocol} at port {origin.port}. Set its OriginProtocolPolicy to http-only."
            )
            self.told.tell(unverified.CLOSED_PORT)
            raise OriginUnconnected(*pages.ORIGIN_TIMEOUT)
        response = await self._answer(request, origin)
        return replace(response, body=b"") if request.method == "HEAD" else response

    async def _answer(self, request: Request, origin: CustomOrigin) -> Response:
        if request.method not in ("GET", "HEAD"):
            return page(method_not_allowed(request.method))
        bucket = _bucket(request.headers.get("Host", ""))
        if not bucket:
            return redirected(Redirect(301, "https://aws.amazon.com/s3/"))  # the bare endpoint
        is_name = _BUCKET.fullmatch(bucket)
        site = await look_up.answered(self.sites(bucket), origin.read_timeout) if is_name else None
        region = _region(origin)
        if site is None and self.real_aws:
            return await self.real_aws.fetch(request, origin, "s3", region, signs=False)
        found = _website(site, bucket, region)
        if isinstance(found, SiteError):
            return page(found)
        site, website = found
        key = unquote(request.uri[1:].replace("+", "%20"), errors="surrogateescape")
        return await self._asked(Asked(request, origin, bucket, site, website, key))

    async def _asked(self, asked: Asked) -> Response:
        # 1. A rule without an error redirects before S3 looks for the object.
        if redirect := self._redirect(asked):
            return redirected(redirect)
        # 2. The key of a folder is that of its index document.
        is_folder = not asked.key or asked.key.endswith("/")
        key = asked.key + asked.website.index_document if is_folder else asked.key
        found = await self.objects.get(asked, key)
        if isinstance(found, Response):
            return _unless_moved(found)
        # 3. A name without a slash may be that of a folder.
        if found.status == 404 and not is_folder:
            index = await self.objects.get(asked, f"{key}/{asked.website.index_document}")
            if isinstance(index, Response):
                return _to_folder(asked)
        # 4. A rule may wait for the error. Otherwise, the error document has the error's status.
        if redirect := self._redirect(asked, found.status):
            return redirected(redirect)
        return await self._failed(asked, found)

    async def _failed(self, asked: Asked, error: SiteError) -> Response:
        if error.reason:
            journal.remark(error.reason)
        document = asked.website.error_document
        if not document:
            return page(error)
        headers = CIMultiDict(item for item in asked.request.headers.items() if item[0].title() not in _CONDITIONAL)
        found = await self.objects.get(replace(asked, request=replace(asked.request, headers=headers)), document)
        if isinstance(found, SiteError):
            journal.remark(f"The error document cannot be read. {found.reason}")
            return page(error, found)
        if error.status != 404:
            self.told.tell(unverified.ERROR_DOCUMENT)
        headers = found.headers.copy()
        headers.extend(error.headers)
        return Response(error.status, headers, found.body, phrase(error.status))

    def _redirect(self, asked: Asked, error: int | None = None) -> Redirect | None:
        redirect = asked.website.redirect(asked.key, asked.request.querystring, asked.request.headers["Host"], error)
        if redirect and re.match(rf"https?://{re.escape(asked.origin.domain_name)}/", redirect.location):
            journal.remark(
                f"A routing rule of bucket {asked.bucket} sends viewers to {asked.origin.domain_name}, past "
                "CloudFront. Set the HostName of its redirect."
            )
        if redirect and asked.request.querystring:
            self.told.tell(unverified.WEBSITE_QUERY)
        return redirect


def _region(origin: CustomOrigin) -> str:
    endpoint = _ENDPOINT.fullmatch(origin.domain_name)
    return endpoint["region"] if endpoint else ""


def _bucket(host: str) -> str:
    """The bucket that a Host names: before the endpoint, or the whole Host. Empty for the bare endpoint."""
    name = _PORT.sub("", host).lower()
    endpoint = _ENDPOINT.fullmatch(name)
    return endpoint["bucket"] or "" if endpoint else name


def _website(site: Site | None, bucket: str, region: str) -> tuple[Site, Website] | SiteError:
    """The bucket with its website, or the error of the endpoint of a Region."""
    if site is None:
        journal.remark(
            f"S3 bucket {bucket!a} is not in this stack: S3 finds a website's bucket by the header Host. Choose a "
            "bucket of the template, do not forward the viewer's Host, set headers.host in a function that chooses the "
            "origin, or send such requests to the real AWS: --pass-through."
        )
        return SiteError(404, "NoSuchBucket", "The specified bucket does not exist", (("BucketName", bucket),))
    if site.region != region:
        endpoint = f"{bucket}.s3-website.{site.region}.amazonaws.com"
        journal.remark(
            f"S3 bucket {bucket} is in {site.region}, but the origin's domain name is for {region}. Use {endpoint}."
        )
        message = "The specified bucket exists in another region. Please direct requests to the specified endpoint."
        return SiteError(400, "IncorrectEndpoint", message, (("Endpoint", endpoint),))
    if site.website is None:
        journal.remark(
            f"S3 bucket {bucket} is no website. Give it a WebsiteConfiguration, or use {bucket}.s3.{site.region}."
            "amazonaws.com with an origin access control."
        )
        message = "The specified bucket does not have a website configuration"
        return SiteError(404, "NoSuchWebsiteConfiguration", message, (("BucketName", bucket),))
    return site, site.website


def _to_folder(asked: Asked) -> Response:
    if asked.origin.path:
        journal.remark(
            f"S3 redirects to {asked.request.uri}/, with the origin's path {asked.origin.path}, which viewers do not "
            "know. Link to folders with a slash at the end."
        )
    response = page(SiteError(302, "Found", "Resource Found"))
    headers = response.headers.copy()
    headers["Location"] = f"{asked.request.uri}/"
    return replace(response, headers=headers)


def _unless_moved(response: Response) -> Response:
    """The object, or the redirect that its metadata orders."""
    location = response.headers.get(_REDIRECT_LOCATION)
    return redirected(Redirect(301, location)) if location else response
