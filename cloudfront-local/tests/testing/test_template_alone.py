"""The distribution of a template alone is the one that CloudFormation makes of the template."""

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloudfront_local.aws import distribution as distributions
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.signatures.keys import PublicKey
from cloudfront_local.errors import LocalError
from cloudfront_local.testing.template_alone import cloudfront, session

PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfxmZeS1VzXC0uMe8Dmm2rqkVodVz\n"
    "WtP2Yi6zsodKZxGDPXH5snvcxEfGL59L4O5emquAieSBFw4iszhBWECDIQ==\n"
    "-----END PUBLIC KEY-----\n"
)
# Only CloudFormation's own types, which the embedded AWS deploys as they are.
TEMPLATE = """
Parameters:
  Api: { Type: String, Default: api.example.org }
  Stage: { Type: String, Default: test }
Mappings:
  Ttl: { test: { Errors: 5 }, prod: { Errors: 300 } }
Conditions:
  IsProduction: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProduction]
  Never: !And [!Condition IsProduction, !Condition IsTest]
  Either: !Or [!Condition IsProduction, !Condition IsTest]
Resources:
  Site: { Type: AWS::S3::Bucket, Properties: { BucketName: site-of-the-test } }
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        { Name: control, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4 }
  Cache:
    Type: AWS::CloudFront::CachePolicy
    Properties:
      CachePolicyConfig:
        Name: cache
        MinTTL: 1
        DefaultTTL: "60"
        MaxTTL: 3600
        ParametersInCacheKeyAndForwardedToOrigin:
          EnableAcceptEncodingGzip: "true"
          HeadersConfig: { HeaderBehavior: whitelist, Headers: [Accept-Language] }
          CookiesConfig: { CookieBehavior: allExcept, Cookies: [tracking] }
          QueryStringsConfig: { QueryStringBehavior: all }
  Forward:
    Type: AWS::CloudFront::OriginRequestPolicy
    Properties:
      OriginRequestPolicyConfig:
        Name: forward
        HeadersConfig: { HeaderBehavior: allExcept, Headers: [Host] }
        CookiesConfig: { CookieBehavior: none }
        QueryStringsConfig: { QueryStringBehavior: none }
  Headers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: headers
        CorsConfig:
          AccessControlAllowCredentials: false
          AccessControlAllowHeaders: { Items: ["*"] }
          AccessControlAllowMethods: { Items: [GET, PUT] }
          AccessControlAllowOrigins: { Items: [https://www.example.org] }
          AccessControlMaxAgeSec: 600
          OriginOverride: true
        CustomHeadersConfig: { Items: [{ Header: X-Stage, Value: !Ref Stage, Override: true }] }
        RemoveHeadersConfig: { Items: [{ Header: X-Powered-By }] }
        SecurityHeadersConfig:
          FrameOptions: { FrameOption: DENY, Override: true }
          StrictTransportSecurity: { AccessControlMaxAgeSec: 300, IncludeSubdomains: true, Override: false }
        ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 50 }
  Key:
    Type: AWS::CloudFront::PublicKey
    Properties: { PublicKeyConfig: { CallerReference: key, Name: key, EncodedKey: "PEM" } }
  Keys:
    Type: AWS::CloudFront::KeyGroup
    Properties: { KeyGroupConfig: { Name: keys, Items: [!Ref Key] } }
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        IPV6Enabled: true
        Aliases: [!Sub "www.${Stage}.example.org", !If [IsProduction, example.org, !Ref AWS::NoValue]]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002
          SslSupportMethod: sni-only
        DefaultRootObject: index.html
        Logging: { Bucket: logs.s3.amazonaws.com, Prefix: cdn/, IncludeCookies: true }
        Restrictions: { GeoRestriction: { RestrictionType: blacklist, Locations: [NZ, CH] } }
        CustomErrorResponses:
          - ErrorCode: 404
            ResponseCode: 200
            ResponsePagePath: /index.html
            ErrorCachingMinTTL: !FindInMap [Ttl, !Ref Stage, Errors]
        Origins:
          - Id: site
            DomainName: !GetAtt Site.RegionalDomainName
            OriginPath: !Join ["/", ["", "pages", !Select [1, !Split [":", "a:b"]]]]
            OriginAccessControlId: !GetAtt Control.Id
            S3OriginConfig: { OriginAccessIdentity: "" }
            OriginShield: { Enabled: true, OriginShieldRegion: eu-west-1 }
          - Id: api
            DomainName: !Ref Api
            ConnectionAttempts: 2
            OriginCustomHeaders:
              - { HeaderName: X-Stage, HeaderValue: !Sub ["${Where}!", { Where: !Ref Stage }] }
              - !If [Never, { HeaderName: X-Never, HeaderValue: "1" }, !Ref AWS::NoValue]
            CustomOriginConfig:
              OriginProtocolPolicy: match-viewer
              HTTPPort: 8080
              OriginSSLProtocols: [TLSv1.2]
              OriginReadTimeout: "45"
        OriginGroups:
          Quantity: 1
          Items:
            - Id: group
              Members: { Quantity: 2, Items: [{ OriginId: site }, { OriginId: api }] }
              FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [500, 503] } }
        CacheBehaviors:
          - PathPattern: /api/*
            TargetOriginId: api
            ViewerProtocolPolicy: https-only
            AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]
            CachedMethods: [GET, HEAD, OPTIONS]
            CachePolicyId: !Ref Cache
            OriginRequestPolicyId: !Ref Forward
            ResponseHeadersPolicyId: !Ref Headers
            Compress: "true"
          - PathPattern: /old/*
            TargetOriginId: api
            ViewerProtocolPolicy: allow-all
            MinTTL: 0
            ForwardedValues:
              QueryString: true
              QueryStringCacheKeys: [page]
              Headers: [Origin]
              Cookies: { Forward: whitelist, WhitelistedNames: [session] }
          - !If
            - Either
            - PathPattern: /private/*
              TargetOriginId: site
              ViewerProtocolPolicy: redirect-to-https
              CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
              ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03
              TrustedKeyGroups: [!Ref Keys]
            - !Ref AWS::NoValue
        DefaultCacheBehavior:
          TargetOriginId: group
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac
""".replace('"PEM"', json.dumps(PEM))


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], DistributionConfig]:
    """The distribution of a template with this text."""

    def read(text: str) -> DistributionConfig:
        template = tmp_path / "template.yaml"
        template.write_text(text)
        with session.template_alone(template, tmp_path) as alone:
            return alone.served.config

    return read


def test_as_deployed(read: Callable[[str], DistributionConfig], endpoint: Endpoint) -> None:
    """Every setting is the one that the embedded AWS has after it deployed the same template."""
    client = endpoint.client("cloudformation")
    client.create_stack(StackName="template-alone", TemplateBody=TEMPLATE)
    client.get_waiter("stack_create_complete").wait(
        StackName="template-alone", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    resource = client.describe_stack_resource(StackName="template-alone", LogicalResourceId="Distribution")
    distribution_id = resource["StackResourceDetail"]["PhysicalResourceId"]
    deployed = distributions.read(endpoint.client("cloudfront"), distribution_id)
    alone = read(TEMPLATE)
    assert len(alone.behaviors) == 4
    assert trusted(alone) == trusted(deployed) != []
    names = {"id": deployed.id, "arn": deployed.arn, "domain_name": deployed.domain_name}
    assert without_keys(dataclasses.replace(alone, **names)) == without_keys(deployed)


def trusted(config: DistributionConfig) -> list[tuple[str, list[str]]]:
    """The public keys of each behavior that has some. The embedded AWS gives them ids of its own."""
    return [
        (each.path_pattern, [public_text(key) for key in each.trusted_keys.keys.values()])
        for each in config.behaviors
        if each.trusted_keys
    ]


def public_text(key: PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def without_keys(config: DistributionConfig) -> DistributionConfig:
    behaviors = tuple(dataclasses.replace(each, trusted_keys=None) for each in config.behaviors)
    return dataclasses.replace(config, behaviors=behaviors)


def test_managed_policies(endpoint: Endpoint) -> None:
    """AWS's own policies are those that the embedded AWS knows."""
    client = endpoint.client("cloudfront")
    kinds = {
        "CachePolicy": client.list_cache_policies(Type="managed")["CachePolicyList"]["Items"],
        "OriginRequestPolicy": client.list_origin_request_policies(Type="managed")["OriginRequestPolicyList"]["Items"],
        "ResponseHeadersPolicy": client.list_response_headers_policies(Type="managed")["ResponseHeadersPolicyList"][
            "Items"
        ],
    }
    listed = {kind: {each[kind]["Id"]: each[kind][f"{kind}Config"] for each in found} for kind, found in kinds.items()}
    assert cloudfront.managed_policies() == listed


def minimal(behavior: str = "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad", resources: str = "") -> str:
    """A template whose distribution's default behavior has these properties beside its origin."""
    return f"""
Transform: AWS::Serverless-2016-10-31
Resources:{resources}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{{ Id: o, DomainName: www.example.org, CustomOriginConfig: {{ OriginProtocolPolicy: https-only }} }}]
        DefaultCacheBehavior: {{ TargetOriginId: o, ViewerProtocolPolicy: allow-all, {behavior} }}
"""


FUNCTION = """
  Function:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: python3.13, AutoPublishAlias: live, CodeUri: %s }"""
RUNS_FUNCTION = (
    "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad, LambdaFunctionAssociations: "
    "[{ EventType: viewer-request, LambdaFunctionARN: !Ref Function.Version }]"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "cannot be read as a template: "),
        ("- 1", "cannot be read as a template: "),
        ("Resources: {}", "The template has no AWS::CloudFront::Distribution."),
        (minimal("CachePolicyId: nobody"), "names the CachePolicy nobody, which is neither in the template nor one of"),
        (minimal("CachePolicyId: !Select [9, [a]]"), "Fn::Select of [9, ['a']] has no value there. Use the fixture"),
        (minimal("CachePolicyId: !FindInMap [A, b, c]"), "the section Mappings has no A / b / c."),
        (
            minimal("CachePolicyId: !If [A, b, c]") + "Conditions: { A: !Condition B, B: !Condition A }",
            "The template's expressions name each other in a circle.",
        ),
        (minimal(RUNS_FUNCTION, FUNCTION % "nowhere/"), "The code of Function is nowhere/, which is no folder"),
        (
            minimal(RUNS_FUNCTION, FUNCTION % "packages/"),
            "requirements.txt names packages, which `sam build`",
        ),
        (minimal(RUNS_FUNCTION), "The distribution runs the function Function.Version, of which the template has no"),
    ],
    ids=["no YAML", "a list", "no distribution", "policy", "select", "map", "circle", "code", "packages", "function"],
)
def test_refused(read: Callable[[str], DistributionConfig], tmp_path: Path, text: str, said: str) -> None:
    """Templates that need AWS, and those with mistakes: the error names the part."""
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "requirements.txt").write_text("# for the pictures\npillow==12.0.0\n")
    with pytest.raises(LocalError, match=re.escape(said)):
        read(text)
