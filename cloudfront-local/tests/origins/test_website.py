"""S3 website endpoints, on buckets of the embedded AWS: documents, folders, errors, redirects and permissions."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from cloudfront_local.aws import websites
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution import unverified
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin, S3Origin, from_event
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.origins.transport import Transport
from cloudfront_local.origins.website import Websites
from cloudfront_local.origins.website_configuration import RoutingRule, Website
from cloudfront_local.origins.website_objects import Objects
from cloudfront_local.origins.website_objects import Site as Bucket

INDEX = {"IndexDocument": {"Suffix": "index.html"}}


@dataclass
class Site:
    """A new public bucket that is a website, as an origin of a distribution."""

    name: str
    client: Any
    websites: Websites
    origin: CustomOrigin

    def put(self, key: str, body: bytes = b"hello", **parts: str) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body, **parts)

    def configure(self, **configuration: Any) -> None:
        self.client.put_bucket_website(Bucket=self.name, WebsiteConfiguration=configuration)

    def open(self, resource: str = "/*", **parts: Any) -> None:
        """Lets the public read objects."""
        statement = {
            "Sid": "Public",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.name}{resource}",
            **parts,
        }
        self.client.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration={})
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        self.client.put_bucket_policy(Bucket=self.name, Policy=json.dumps(policy))

    async def fetch(
        self,
        target: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        origin: CustomOrigin | None = None,
    ) -> Response:
        uri, _, querystring = target.partition("?")
        sent = CIMultiDict({"Host": self.origin.domain_name, **(headers or {})})
        return await self.websites.fetch(Request(method, uri, querystring, sent), origin or self.origin)


@pytest.fixture
async def site(aws: Endpoint) -> AsyncIterator[Site]:
    name, client = f"site-{uuid.uuid4().hex[:12]}", aws.client("s3")
    client.create_bucket(Bucket=name)
    transport = Transport(aws.url, aws.headers("forward"))
    served = Websites(Objects(transport, Credentials(*aws.key)), websites.sites(aws))
    origin = CustomOrigin(domain_name=f"{name}.s3-website-us-east-1.amazonaws.com", protocol="http", port=80)
    site = Site(name, client, served, origin)
    site.configure(**INDEX)
    site.open()
    yield site
    await transport.close()


def error(status: str, code: str, message: str, *details: str) -> str:
    items = "".join(f"<li>{item}</li>\n" for item in (f"Code: {code}", f"Message: {message}", *details))
    return (
        f"<html>\n<head><title>{status}</title></head>\n<body>\n<h1>{status}</h1>\n<ul>\n{items}</ul>\n<hr/>\n</body>\n"
        "</html>\n"
    )


# ── Documents and folders ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/", b"home"),
        ("/docs/", b"docs"),
        ("/docs/?acl", b"docs"),
        ("/a%20b.html", b"a b"),
        ("/a+b.html", b"a b"),
        ("/a%2Bb.html", b"a+b"),
        ("/caf%C3%A9/", "café".encode()),
    ],
)
async def test_documents(site: Site, target: str, body: bytes) -> None:
    """A path with a slash at the end is that of an index document. A query string means nothing."""
    site.put("index.html", b"home", ContentType="text/html")
    site.put("docs/index.html", b"docs", ContentType="text/html")
    site.put("a b.html", b"a b", ContentType="text/html")
    site.put("a+b.html", b"a+b", ContentType="text/html")
    site.put("café/index.html", "café".encode(), ContentType="text/html")
    response = await site.fetch(target)
    assert (response.status, response.body, response.headers["Content-Type"]) == (200, body, "text/html")
    assert response.headers["Server"] == "AmazonS3"


async def test_folder(site: Site, caplog) -> None:
    """A name without a slash that is a folder's gets a redirect, without the query string."""
    site.put("docs/index.html")
    response = await site.fetch("/docs?a=b")
    assert (response.status, response.headers["Location"]) == (302, "/docs/")
    assert caplog.messages == []
    site.put("v1/docs/index.html")
    response = await site.fetch("/v1/docs", origin=replace(site.origin, path="/v1"))
    assert (response.status, response.headers["Location"]) == (302, "/v1/docs/")
    assert "S3 redirects to /v1/docs/, with the origin's path /v1, which viewers do not know." in caplog.text
    site.put("docs", b"file")
    assert (await site.fetch("/docs")).body == b"file"


async def test_head_condition_and_range(site: Site) -> None:
    """HEAD has no body, and conditions and ranges hold."""
    site.put("index.html", b"0123456789")
    head = await site.fetch("/", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "10")
    assert (await site.fetch("/", headers={"If-None-Match": head.headers["ETag"]})).status == 304
    part = await site.fetch("/", headers={"Range": "bytes=2-3"})
    assert (part.status, part.body) == (206, b"23")
    assert (await site.fetch("/", headers={"Range": "bytes=99-"})).status == 416
    assert (await site.fetch("/", headers={"If-Match": '"other"'})).status == 412


# ── Errors ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_missing(site: Site, caplog) -> None:
    """A missing object gets S3's page, also without the right to list the bucket. HEAD gets its headers."""
    response = await site.fetch("/a%3Cb")
    assert (response.status, response.reason) == (404, "Not Found")
    page = error("404 Not Found", "NoSuchKey", "The specified key does not exist.", "Key: a&lt;b")
    assert response.body.decode() == page
    assert dict(response.headers) == {
        "x-amz-error-code": "NoSuchKey",
        "x-amz-error-message": "The specified key does not exist.",
        "x-amz-error-detail-Key": "a<b",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
        "Server": "AmazonS3",
    }
    head = await site.fetch("/a%3Cb", "HEAD")
    assert (head.status, head.body, dict(head.headers)) == (404, b"", dict(response.headers))
    assert caplog.messages == [f"There is no object 'a<b' in bucket {site.name}."] * 2


async def test_index_document_is_missing(site: Site, caplog) -> None:
    assert (await site.fetch("/docs/")).headers["x-amz-error-detail-Key"] == "docs/index.html"
    assert caplog.messages == [f"There is no object 'docs/index.html' in bucket {site.name}."]


async def test_error_document(site: Site) -> None:
    """The error document has the error's own status, and no condition or range of the viewer holds for it."""
    site.configure(**INDEX, ErrorDocument={"Key": "error.html"})
    site.put("error.html", b"<h1>Sorry</h1>", ContentType="text/html")
    response = await site.fetch("/none", headers={"Range": "bytes=0-1"})
    assert (response.status, response.reason, response.body) == (404, "Not Found", b"<h1>Sorry</h1>")
    names = ("Content-Type", "x-amz-error-code", "x-amz-error-detail-Key")
    assert [response.headers[name] for name in names] == ["text/html", "NoSuchKey", "none"]


async def test_error_document_is_missing(site: Site, caplog) -> None:
    site.configure(**INDEX, ErrorDocument={"Key": "error.html"})
    response = await site.fetch("/none")
    assert response.status == 404
    assert caplog.messages == [
        f"There is no object 'none' in bucket {site.name}.",
        f"The error document cannot be read. There is no object 'error.html' in bucket {site.name}.",
    ]
    assert (
        "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n<ul>\n"
        "<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n<li>Key: error.html</li>\n"
        "</ul>\n<hr/>"
    ) in response.body.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_methods(site: Site, method: str) -> None:
    response = await site.fetch("/", method)
    assert (response.status, response.headers["x-amz-error-code"]) == (405, "MethodNotAllowed")


# ── Permissions ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("resource", "parts", "reason"),
    [
        ("/public/*", {}, "no statement allows s3:GetObject on {}/index.html to everyone"),
        ("/*", {"Principal": {"Service": "cloudfront.amazonaws.com"}}, "no statement allows s3:GetObject on {}/index"),
        ("/*", {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "its condition Bool aws:SecureTransport true"),
    ],
)
async def test_private(site: Site, caplog, resource: str, parts: dict[str, Any], reason: str) -> None:
    """Only what the policy makes public is served: 403 otherwise, and the terminal says why."""
    site.put("index.html")
    site.open(resource, **parts)
    response = await site.fetch("/")
    assert (response.status, response.body.decode()) == (
        403,
        error("403 Forbidden", "AccessDenied", "Access Denied"),
    )
    (line,) = caplog.messages
    assert reason.format(f"arn:aws:s3:::{site.name}") in line
    assert "use its REST endpoint with an origin access control" in line


async def test_public_access_block(site: Site, caplog) -> None:
    """RestrictPublicBuckets keeps everyone out, whatever the policy says."""
    site.put("index.html")
    restricted = {"RestrictPublicBuckets": True}
    site.client.put_public_access_block(Bucket=site.name, PublicAccessBlockConfiguration=restricted)
    assert (await site.fetch("/")).status == 403
    assert (
        f"The website of bucket {site.name} denies the request for 'index.html': RestrictPublicBuckets" in caplog.text
    )


async def test_error_document_of_a_private_object(site: Site, caplog) -> None:
    """The error document goes with a 403, too."""
    site.configure(**INDEX, ErrorDocument={"Key": "error.html"})
    site.put("error.html", b"sorry")
    site.put("private.html")
    site.open("/error.html")
    response = await site.fetch("/private.html")
    assert (response.status, response.body, response.headers["x-amz-error-code"]) == (403, b"sorry", "AccessDenied")
    assert unverified.ERROR_DOCUMENT in caplog.text


async def test_secret_referer(site: Site, caplog) -> None:
    """A policy may require a Referer that only CloudFront sends. The terminal does not show it."""
    site.put("index.html")
    site.open(Condition={"StringEquals": {"aws:Referer": "between-us"}})
    assert (await site.fetch("/", headers={"Referer": "between-us"})).status == 200
    assert (await site.fetch("/", headers={"Referer": "guessed"})).status == 403
    assert "a condition on aws:Referer is not met" in caplog.text
    assert "between-us" not in caplog.text and "guessed" not in caplog.text


# ── Redirects ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_rules(site: Site, caplog) -> None:
    """A rule redirects before S3 looks for an object, or after the error that it waits for."""
    moved = {"Condition": {"KeyPrefixEquals": "old/"}, "Redirect": {"ReplaceKeyPrefixWith": "new/"}}
    lost = {
        "Condition": {"HttpErrorCodeReturnedEquals": "404"},
        "Redirect": {"HostName": "www.example.com", "Protocol": "https", "HttpRedirectCode": "307"},
    }
    site.configure(**INDEX, RoutingRules=[moved, lost])
    site.put("old/x")
    site.put("there")
    before, after = await site.fetch("/old/x?a=b"), await site.fetch("/gone/y")
    domain = site.origin.domain_name
    assert (before.status, before.headers["Location"]) == (301, f"http://{domain}/new/x?a=b")
    assert (after.status, after.headers["Location"]) == (307, "https://www.example.com/gone/y")
    assert (await site.fetch("/there")).status == 200
    assert f"A routing rule of bucket {site.name} sends viewers to {domain}, past CloudFront." in caplog.text
    assert unverified.WEBSITE_QUERY in caplog.text


async def test_all_requests(site: Site) -> None:
    site.configure(RedirectAllRequestsTo={"HostName": "www.example.com", "Protocol": "https"})
    response = await site.fetch("/a?b=c")
    assert (response.status, response.headers["Location"]) == (301, "https://www.example.com/a?b=c")


async def test_redirect_of_an_object(site: Site) -> None:
    site.put("moved", WebsiteRedirectLocation="/there")
    for method in ("GET", "HEAD"):
        response = await site.fetch("/moved?a=b", method)
        assert (response.status, response.headers["Location"], response.body) == (301, "/there", b"")


# ── Chosen by a function ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_chosen_by_a_function(site: Site, caplog) -> None:
    """An origin-request function may choose a website in place of a bucket. It must set Host, too."""
    site.put("index.html")
    bucket = S3Origin(domain_name=f"{site.name}.s3.us-east-1.amazonaws.com", region="us-east-1")
    chosen = from_event(site.origin.to_event(), bucket)
    assert isinstance(chosen, CustomOrigin) and site.websites.serves(chosen)
    assert (await site.fetch("/", origin=chosen)).body == b"hello"
    assert (await site.fetch("/", headers={"Host": bucket.domain_name}, origin=chosen)).status == 404
    assert "set headers.host in a function that chooses the origin" in caplog.text


# ── Endpoints ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("parts", [{"protocol": "https", "port": 443}, {"port": 8080}])
async def test_http_only(site: Site, caplog, parts: dict[str, Any]) -> None:
    """The endpoint takes HTTP at port 80 only. The terminal says what to set."""
    with pytest.raises(OriginFailed) as failed:
        await site.fetch("/", origin=replace(site.origin, **parts))
    assert (failed.value.status, failed.value.failover_status) == (504, 503)
    assert "Set its OriginProtocolPolicy to http-only." in caplog.text


async def test_another_region(site: Site, caplog) -> None:
    """The endpoint of another Region answers 400 with the right endpoint."""
    domain = f"{site.name}.s3-website.eu-central-1.amazonaws.com"
    origin = replace(site.origin, domain_name=domain)
    response = await site.fetch("/", headers={"Host": domain}, origin=origin)
    right = f"{site.name}.s3-website.us-east-1.amazonaws.com"
    assert (response.status, response.headers["x-amz-error-detail-Endpoint"]) == (400, right)
    assert caplog.messages == [
        f"S3 bucket {site.name} is in us-east-1, but the origin's domain name is for eu-central-1. Use {right}."
    ]


async def test_bucket_of_another_region(site: Site, aws: Endpoint) -> None:
    name, client = f"{site.name}-sydney", aws.client("s3", "ap-southeast-2")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-2"})
    origin = replace(site.origin, domain_name=f"{name}.s3-website-ap-southeast-2.amazonaws.com")
    there = replace(site, name=name, client=client, origin=origin)
    there.configure(**INDEX)
    there.open()
    there.put("index.html", b"g'day")
    assert (await there.fetch("/")).body == b"g'day"


async def test_no_website(site: Site, caplog) -> None:
    site.client.delete_bucket_website(Bucket=site.name)
    response = await site.fetch("/")
    assert (response.status, response.headers["x-amz-error-code"]) == (404, "NoSuchWebsiteConfiguration")
    assert f"S3 bucket {site.name} is no website. Give it a WebsiteConfiguration" in caplog.text


@pytest.mark.parametrize(
    ("host", "status", "code"),
    [
        ("none-of-the-stack.s3-website-us-east-1.amazonaws.com", 404, "NoSuchBucket"),
        ("www.example.com", 404, "NoSuchBucket"),
        ("127.0.0.1:8080", 404, "NoSuchBucket"),
        ("x", 404, "NoSuchBucket"),
        ("é" * 300, 404, "NoSuchBucket"),
    ],
)
async def test_no_bucket(site: Site, caplog, host: str, status: int, code: str) -> None:
    """S3 finds the bucket by Host: a bucket of no stack, and a viewer's Host that was forwarded, get 404."""
    response = await site.fetch("/", headers={"Host": host})
    assert (response.status, response.headers["x-amz-error-code"]) == (status, code)
    assert "S3 finds a website's bucket by the header Host" in caplog.text


@pytest.mark.parametrize("host", ["s3-website-us-east-1.amazonaws.com", "s3-website.us-east-1.amazonaws.com:80"])
async def test_bare_endpoint(site: Site, host: str) -> None:
    response = await site.fetch("/", headers={"Host": host})
    assert (response.status, response.headers["Location"]) == (301, "https://aws.amazon.com/s3/")


@pytest.mark.parametrize(
    ("domain", "answer"),
    [
        ("site.s3-website-us-east-1.amazonaws.com", True),
        ("www.example.com.s3-website.eu-central-1.amazonaws.com", True),
        ("site.s3.us-east-1.amazonaws.com", False),
        ("site.s3-website-us-east-1.amazonaws.com.example.org", False),
        ("xs3-website-us-east-1.amazonaws.com", False),
    ],
)
def test_serves(site: Site, domain: str, answer: bool) -> None:
    assert site.websites.serves(replace(site.origin, domain_name=domain)) is answer


@pytest.mark.parametrize("target", ["/%FF%00", "/%0D%0AX:y", "/%", "//", "/..%2f", "/" + "a" * 2000, "/%F0%9F%98%80"])
async def test_odd_paths(site: Site, target: str) -> None:
    """Any path gets an answer, with headers that can be sent."""
    response = await site.fetch(target)
    assert response.status in (400, 404)
    assert all(value.isascii() and value.isprintable() for value in response.headers.values())


PATHS = st.text(st.characters(max_codepoint=255))


@given(path=PATHS | PATHS.map("c".__add__), query=PATHS, host=PATHS, is_there=st.booleans())
def test_any_request(path: str, query: str, host: str, is_there: bool) -> None:
    """Any request gets an answer whose headers can be sent. No object is public here, so none is fetched."""
    rules = (RoutingRule(error=403, prefix="a", key_replacement="b"), RoutingRule(prefix="c"))
    website = Website(error_document="error.html", rules=rules)

    async def sites(_: str) -> Bucket | None:
        return Bucket("us-east-1", website, [], is_restricted=False) if is_there else None

    served = Websites(Objects(Transport(None), Credentials("", "")), sites)
    origin = CustomOrigin(domain_name="site.s3-website-us-east-1.amazonaws.com", protocol="http", port=80)
    for named in (host, origin.domain_name):
        request = Request("GET", f"/{path}", query, CIMultiDict({"Host": named}))
        response = asyncio.run(served.fetch(request, origin))
        assert 300 <= response.status < 500
        assert all(value.isascii() and value.isprintable() for value in response.headers.values())
