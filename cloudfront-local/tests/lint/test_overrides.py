"""Parameters count as samconfig.toml sets them for `sam deploy`."""

import pytest

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Seconds: { Type: Number, Default: 60 }
Rules:
  UsEast1: { Assertions: [Assert: !Equals [!Ref AWS::Region, us-east-1]] }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: { Service: [lambda.amazonaws.com, edgelambda.amazonaws.com] }
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Timeout: !Ref Seconds
      Role: !GetAtt Role.Arn
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Function.Version }
"""


@pytest.fixture
def rules_of(tmp_path, lint):
    """The rules that find something beside a samconfig.toml with this text; None: without such a file."""

    def run(samconfig):
        template = tmp_path / "template.yaml"
        template.write_text(TEMPLATE)
        if samconfig is not None:
            (tmp_path / "samconfig.toml").write_text(samconfig)
        return [rule for _, rule, _ in lint(template)]

    return run


@pytest.mark.parametrize(
    "overrides",
    [
        "'Seconds=5'",
        "'Other=\"a b\" Seconds=5'",
        "['Seconds=5']",
        "'ParameterKey=Seconds,ParameterValue=5'",
    ],
)
@pytest.mark.parametrize("command", ["global", "deploy"])
def test_override(overrides, command, rules_of):
    """An override counts, in each way that sam has to write one."""
    assert rules_of(f"[default.{command}.parameters]\nparameter_overrides = {overrides}") == []


@pytest.mark.parametrize("name", ["samconfig.yaml", "samconfig.yml"])
def test_yaml(name, tmp_path, lint):
    """sam takes YAML, too."""
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    (tmp_path / name).write_text("default: { deploy: { parameters: { parameter_overrides: [Seconds=5] } } }")
    assert lint(template) == []
    (tmp_path / name).write_text("[default")
    assert [rule for _, rule, _ in lint(template)] == ["I9001", "E9013"]


@pytest.mark.parametrize("samconfig", [None, "", "[prod.deploy.parameters]\nparameter_overrides = 'Seconds=5'"])
def test_default(samconfig, rules_of):
    """Without an override in the environment `default` the template's own default counts."""
    assert rules_of(samconfig) == ["E9013"]


@pytest.mark.parametrize("samconfig", ["[", "default = 'x'\n[default]", "\0"])
def test_unreadable(samconfig, rules_of):
    """A file that is not TOML is said to be unread."""
    assert rules_of(samconfig) == ["I9001", "E9013"]
