"""Flat-rate plans: where a plan is named, and each feature that plans exclude."""

import pytest

TEMPLATE = """
Metadata: {metadata}
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Metadata: {own}
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1
        Origins:
          - {{ Id: site, DomainName: b.s3.us-east-1.amazonaws.com, OriginAccessControlId: E1, {origin} }}
        DefaultCacheBehavior:
          {{ TargetOriginId: site, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, {behavior} }}
        {config}
"""
FREE = "{ cloudfront-local: { Plan: free } }"


@pytest.fixture
def found(tmp_path, lint):
    """The rules about plans that find something in a distribution with these settings."""

    def run(metadata=FREE, own="{}", origin="", behavior="", config=""):
        template = tmp_path / "template.yaml"
        template.write_text(
            TEMPLATE.format(metadata=metadata, own=own, origin=origin, behavior=behavior, config=config)
        )
        return [rule for _, rule, _ in lint(template) if rule.startswith("E91")]

    return run


@pytest.mark.parametrize(
    "settings",
    [
        {"config": "Staging: true"},
        {"config": "ContinuousDeploymentPolicyId: abc"},
        {"config": "AnycastIpListId: abc"},
        {"config": "ConnectionMode: tenant-only"},
        {"config": "TenantConfig: { ParameterDefinitions: [] }"},
        {"config": "ViewerCertificate: { IamCertificateId: abc }"},
        {"config": "ViewerCertificate: { SslSupportMethod: vip }"},
        {"behavior": "ForwardedValues: { QueryString: false }"},
        {"behavior": "MinTTL: 0"},
        {"behavior": "DefaultTTL: 60"},
        {"behavior": "MaxTTL: 60"},
        {"behavior": "RealtimeLogConfigArn: !Ref Logs"},
        {"behavior": "FieldLevelEncryptionId: abc"},
        {"origin": "S3OriginConfig: { OriginAccessIdentity: origin-access-identity/cloudfront/E1 }"},
    ],
    ids=str,
)
@pytest.mark.parametrize("plan", ["free", "premium"])
def test_excluded_by_all(settings, plan, found):
    assert found(f"{{ cloudfront-local: {{ Plan: {plan} }} }}", **settings) == ["E9102"]
    assert found("{}", **settings) == []


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"config": "Staging: false"},
        {"config": "ConnectionMode: direct"},
        {"config": "ViewerCertificate: { AcmCertificateArn: abc, SslSupportMethod: sni-only }"},
        {"behavior": "FieldLevelEncryptionId: ''"},
        {"origin": "S3OriginConfig: { OriginAccessIdentity: '' }"},
    ],
    ids=str,
)
def test_allowed(settings, found):
    assert found(**settings) == []


@pytest.mark.parametrize(("plan", "expected"), [("business", ["E9105"]), ("premium", [])])
def test_premium(plan, expected, found):
    """Failover is for the largest plan alone."""
    groups = "OriginGroups: { Quantity: 1, Items: [{ Id: group }] }"
    assert found(f"{{ cloudfront-local: {{ Plan: {plan} }} }}", config=groups) == expected


@pytest.mark.parametrize(("plan", "most"), [("free", 5), ("pro", 10), ("business", 50), ("premium", 100)])
def test_behaviors(plan, most, found):
    def run(count):
        listed = ", ".join(f"{{ PathPattern: /{number}/*, TargetOriginId: site }}" for number in range(count))
        metadata = f"{{ cloudfront-local: {{ Plan: {plan} }} }}"
        return [rule for rule in found(metadata, config=f"CacheBehaviors: [{listed}]") if rule == "E9101"]

    assert run(most) == []
    assert run(most + 1) == ["E9101"]


def test_own_metadata(found):
    """The Metadata of a distribution counts before the template's."""
    assert found("{}", own=FREE, behavior="MinTTL: 0") == ["E9102"]
    assert found(own="{ cloudfront-local: { Plan: none } }", behavior="MinTTL: 0") == ["E9100"]
