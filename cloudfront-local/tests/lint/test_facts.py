"""The rules that go by a list: every entry of it."""

from datetime import timedelta

import pytest
from cfnlint.rules import Rules

from cloudfront_local.lint.rules.runtime import SupportedRuntime
from cloudfront_local.rules.facts import (
    CUSTOM_HEADERS_DENIED,
    CUSTOM_HEADERS_DENIED_PREFIXES,
    RUNTIME_BLOCK_CREATE,
    RUNTIME_BLOCK_UPDATE,
    RUNTIME_DEPRECATION,
)

DISTRIBUTION = """
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: site
            DomainName: pages.s3.eu-west-1.amazonaws.com
            S3OriginConfig: {{ OriginAccessIdentity: "" }}
            OriginCustomHeaders: [{{ HeaderName: {header}, HeaderValue: value }}]
        DefaultCacheBehavior:
          TargetOriginId: site
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: {cache}
          OriginRequestPolicyId: {forward}
"""
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
USER_AGENT_REFERER = "acba4595-bd28-49b8-b9fe-13317c0390fa"

FUNCTION = """
Rules:
  UsEast1:
    Assertions: [Assert: !Equals [!Ref AWS::Region, us-east-1]]
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/edge
      Code: {{ ZipFile: "" }}
  Version:
    Type: AWS::Lambda::Version
    Properties: {{ FunctionName: !Ref Function }}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations:
            - {{ EventType: viewer-request, LambdaFunctionARN: !Ref Version }}
"""


@pytest.fixture
def rules_of(tmp_path, lint):
    """The rules that find something in a distribution with these settings."""

    def run(header="X-Stage", cache=CACHING_OPTIMIZED, forward=USER_AGENT_REFERER):
        template = tmp_path / "template.yaml"
        template.write_text(DISTRIBUTION.format(header=header, cache=cache, forward=forward))
        return [rule for _, rule, _ in lint(template) if rule != "I9001"]

    return run


@pytest.mark.parametrize("header", sorted(CUSTOM_HEADERS_DENIED))
def test_denied_custom_header(header, rules_of):
    """A header on the deny list is refused, in any spelling."""
    assert rules_of(header=header.title()) == ["E9018"]


@pytest.mark.parametrize("prefix", CUSTOM_HEADERS_DENIED_PREFIXES)
def test_denied_custom_header_prefix(prefix, rules_of):
    """A header with a prefix of the deny list is refused, one that has it elsewhere is not."""
    assert rules_of(header=f"{prefix}stage") == ["E9018"]
    assert rules_of(header=f"my-{prefix}stage") == []


@pytest.mark.parametrize(
    ("policy", "forwards_host"),
    [
        ("216adef6-5c7f-47e4-b989-5492eafa07d3", True),  # AllViewer
        ("b689b0a8-53d0-40ab-baf2-68738e2966ac", False),  # AllViewerExceptHostHeader
        ("33f36d7e-f396-46d9-90e0-52428a34d9dc", True),  # AllViewerAndCloudFrontHeaders-2022-06
        ("59781a5b-3903-41f3-afcb-af62929ccde1", False),  # CORS-CustomOrigin
        ("88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", False),  # CORS-S3Origin
        ("775133bc-15f2-49f9-abea-afb2e0bf67d2", False),  # Elemental-MediaTailor-PersonalizedManifests
        ("bf0718e1-ba1e-49d1-88b1-f726733018ae", True),  # HostHeaderOnly
        (USER_AGENT_REFERER, False),
        ("00000000-0000-4000-8000-000000000000", False),  # nobody knows
    ],
)
def test_managed_origin_request_policy(policy, forwards_host, rules_of):
    """Of the managed origin request policies, those that forward Host are refused in front of a bucket."""
    assert rules_of(forward=policy) == (["E9020"] if forwards_host else [])


@pytest.mark.parametrize(
    ("policy", "forwards_host"),
    [
        (CACHING_OPTIMIZED, False),
        ("b2884449-e4de-46a7-ac36-70bc7f1ddd6d", False),  # CachingOptimizedForUncompressedObjects
        ("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", False),  # CachingDisabled
        ("83da9c7e-98b4-4e11-a168-04f0df8e2c65", True),  # UseOriginCacheControlHeaders
        ("4cc15a8a-d715-48a4-82b8-cc0b614638fe", True),  # UseOriginCacheControlHeaders-QueryStrings
        ("08627262-05a9-4f76-9ded-b50ca2e3a84f", False),  # Elemental-MediaPackage
        ("2e54312d-136d-493c-8eb9-b001f22f67d2", True),  # Amplify
    ],
)
def test_managed_cache_policy(policy, forwards_host, rules_of):
    """Of the managed cache policies, those keyed on Host are refused in front of a bucket."""
    assert rules_of(cache=policy) == (["E9020"] if forwards_host else [])


@pytest.mark.parametrize("runtime", RUNTIME_DEPRECATION)
def test_runtime_is_refused_from_its_deprecation_on(runtime, tmp_path, lint):
    """A runtime is fine on the day before its deprecation, and refused on the day, with the dates to come."""
    template = tmp_path / "template.yaml"
    template.write_text(FUNCTION.format(runtime=runtime))
    deprecated = RUNTIME_DEPRECATION[runtime]

    def found(day):
        return lint(template, Rules({"E9012": SupportedRuntime(today=lambda: day)}))

    assert found(deprecated - timedelta(days=1)) == []
    [(_, _, message)] = found(deprecated)
    assert (
        f"{runtime}. Lambda deprecated it on {deprecated}, lets nobody create such functions from "
        f"{RUNTIME_BLOCK_CREATE[runtime]} and nobody update them from {RUNTIME_BLOCK_UPDATE[runtime]}"
    ) in message
