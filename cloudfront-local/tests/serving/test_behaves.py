"""A template with error pages, a response headers policy, failover and legacy settings is deployed and served."""

import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

TEMPLATE = """
Resources:
  ApiHeaders:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: api-headers
        CorsConfig:
          AccessControlAllowOrigins: { Items: ["https://*.example.org"] }
          AccessControlAllowHeaders: { Items: [X-Key] }
          AccessControlAllowMethods: { Items: [ALL] }
          AccessControlAllowCredentials: false
          OriginOverride: true
        SecurityHeadersConfig:
          ContentTypeOptions: { Override: true }
        CustomHeadersConfig: { Items: [{ Header: X-Team, Value: books, Override: true }] }
        RemoveHeadersConfig: { Items: [{ Header: X-Powered-By }, { Header: X-Cache }] }
        ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 100 }
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultRootObject: index.html
        Origins:
          - Id: down
            DomainName: localhost
            ConnectionAttempts: 1
            CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: %(refused)d }
          - Id: up
            DomainName: localhost
            CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: %(port)d }
        OriginGroups:
          Quantity: 1
          Items:
            - Id: either
              FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [503] } }
              Members: { Quantity: 2, Items: [{ OriginId: down }, { OriginId: up }] }
        CustomErrorResponses:
          - { ErrorCode: 404, ResponsePagePath: /errors/404.html, ResponseCode: 200, ErrorCachingMinTTL: 60 }
        CacheBehaviors:
          - PathPattern: /api/*
            TargetOriginId: up
            ViewerProtocolPolicy: allow-all
            AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]
            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
            ResponseHeadersPolicyId: !Ref ApiHeaders
        DefaultCacheBehavior:
          TargetOriginId: either
          ViewerProtocolPolicy: allow-all
          ForwardedValues: { QueryString: true, QueryStringCacheKeys: [page] }
"""


BY_COUNTRY = """
Resources:
  ByCountry:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: by-country
        MinTTL: 0
        DefaultTTL: 60
        MaxTTL: 60
        ParametersInCacheKeyAndForwardedToOrigin:
          EnableAcceptEncodingGzip: false
          CookiesConfig: { CookieBehavior: none }
          QueryStringsConfig: { QueryStringBehavior: none }
          HeadersConfig: { HeaderBehavior: whitelist, Headers: [CloudFront-Viewer-Country] }
  Viewer:
    Type: AWS::CloudFront::OriginRequestPolicy
    Properties:
      OriginRequestPolicyConfig:
        Name: viewer
        CookiesConfig: { CookieBehavior: none }
        QueryStringsConfig: { QueryStringBehavior: none }
        HeadersConfig:
          HeaderBehavior: allViewerAndWhitelistCloudFront
          Headers: [CloudFront-Viewer-City, CloudFront-Is-Tablet-Viewer, CloudFront-Viewer-JA3-Fingerprint]
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: site
            DomainName: localhost
            CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: %d }
        DefaultCacheBehavior:
          TargetOriginId: site
          ViewerProtocolPolicy: allow-all
          CachePolicyId: !Ref ByCountry
          OriginRequestPolicyId: !Ref Viewer
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Workplace]:
    project = Workplace(tmp_path)
    yield project
    project.end()


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Message]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)  # noqa: S310 - a URL of this machine
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def test_all_of_it(project, misbehaving_server, refused_port) -> None:
    """The template's error pages, policy, failover and legacy settings have their effect, and the terminal says so."""
    misbehaving_server.reply(200, b"home").reply(200, b"books", headers={"X-Powered-By": "x"})
    misbehaving_server.reply(404, b"none").reply(200, b"our page")
    ports = {"port": misbehaving_server.port, "refused": refused_port}
    (project.folder / "template.yaml").write_text(TEMPLATE % ports)
    process = project.start(sys.executable, "-m", "cloudfront_local")
    url = project.await_ready(process).url

    answers = [ask(f"{url}/?page=1&utm={n}") for n in (1, 2)]
    assert [(body, headers["X-Cache"]) for _, body, headers in answers] == [
        (b"home", "Miss from cloudfront"),
        (b"home", "Hit from cloudfront"),
    ]
    assert [request.target for request in misbehaving_server.requests] == ["/index.html?page=1&utm=1"]

    status, body, headers = ask(f"{url}//api//books", "OPTIONS", Origin="https://www.example.org")
    assert (status, body, headers["X-Cache"], headers["X-Powered-By"]) == (200, b"books", None, None)
    assert headers["Access-Control-Allow-Origin"] == "https://www.example.org"
    assert headers["Access-Control-Allow-Methods"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
    assert (headers["X-Team"], headers["X-Content-Type-Options"]) == ("books", "nosniff")
    assert headers["Server-Timing"].startswith('cdn-cache-miss,cdn-pop;desc="')

    answers = [ask(f"{url}/none") for _ in range(2)]
    assert [(status, body, headers["X-Cache"]) for status, body, headers in answers] == [
        (200, b"our page", "Error from cloudfront")
    ] * 2

    process.terminate()
    assert process.wait(30) == 0
    for line in (
        "Warning: Legacy ForwardedValues in the behaviors *: ",
        "The primary origin down gave no answer: up is asked.",
        "Here, '//api//books' is matched as '/api/books': the behavior /api/* serves it",
        "The viewer gets the custom error page /errors/404.html with 200 in place of 404 from the origin.",
    ):
        assert line in project.output
    assert "Not emulated" not in project.output


def test_viewers(project, misbehaving_server) -> None:
    """Each country has its own object. The options choose the viewer of all requests, a header that of one."""
    misbehaving_server.reply(200, b"kia ora").reply(200, b"bonjour")
    (project.folder / "template.yaml").write_text(BY_COUNTRY % misbehaving_server.port)
    (project.folder / "pyproject.toml").write_text('[tool.cloudfront-local]\nviewer-country = "DE"\n')
    process = project.start(
        sys.executable, "-m", "cloudfront_local", "--viewer-country", "NZ", "--viewer-device", "tablet"
    )
    url = project.await_ready(process).url
    french = {"X_Local_Viewer_Country": "FR", "X_Local_Viewer_Device": "desktop"}
    bodies = [ask(url, **headers)[1] for headers in ({}, french, {}, french, {"CloudFront_Viewer_Country": "FR"})]
    assert bodies == [b"kia ora", b"bonjour", b"kia ora", b"bonjour", b"kia ora"]
    sent = [{name.lower(): value for name, value in request.headers.items()} for request in misbehaving_server.requests]
    assert [
        (got["cloudfront-viewer-country"], got["cloudfront-viewer-city"], got["cloudfront-is-tablet-viewer"])
        for got in sent
    ] == [("NZ", "Auckland", "true"), ("FR", "Paris", "false")]
    assert not [name for got in sent for name in got if name.startswith("x-local-")]
    status, body, _ = ask(url, X_Local_Viewer_Country="Atlantis")
    assert (status, b"'Atlantis' is not a country. Give a two-letter code" in body) == (400, True)

    process.terminate()
    assert process.wait(30) == 0
    assert "Not emulated: behavior *: cloudfront-viewer-ja3-fingerprint: not added" in project.output
