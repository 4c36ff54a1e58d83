"""Parameters without a value are asked for in a terminal and remembered; elsewhere one line names them."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudfront_local.testing.terminal import Terminal
from cloudfront_local.testing.workplace import READY, Workplace

TEMPLATE = """
Parameters:
  Stage: { Type: String, AllowedValues: [dev, prod], Description: where it runs }
  Size: { Type: Number, Default: 1 }
  Token: { Type: String, NoEcho: true }
  Image: { Type: AWS::EC2::Image::Id }
  Base: { Type: "AWS::SSM::Parameter::Value<String>", Default: /org/base }
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Comment: !Sub "${Stage} ${Size} ${Image} ${Base}"
        Origins: [{ Id: o, DomainName: example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
Outputs:
  Comment: { Value: !Sub "${Stage} ${Size} ${Image} ${Base} ${Token}" }
"""
COMMAND = (sys.executable, "-m", "cloudfront_local")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE)
    yield place
    place.end()


def outputs(place: Workplace) -> str:
    call = "boto3.client('cloudformation').describe_stacks(StackName='local')"
    script = f"import boto3; print({call}['Stacks'][0]['Outputs'])"
    return place.run("sh", "-c", f'. .aws-sam/local/aws.env && {sys.executable} -c "{script}"').stdout


def test_in_a_terminal(place: Workplace) -> None:
    """Each missing value is asked for, again if it does not fit. What is secret is neither shown nor remembered."""
    terminal = Terminal(place, *COMMAND)
    try:
        terminal.await_text("Image (AWS::EC2::Image::Id): ami-00000000000000000, made up for this machine.")
        terminal.await_text("Stage (String): where it runs [dev, prod]")
        terminal.await_text("> ")
        terminal.type("test")
        terminal.await_text("Stage is one of dev, prod.")
        terminal.type("prod")
        terminal.await_text("Token (String)")
        terminal.await_text("> ")
        assert not terminal.echoes
        terminal.type('my "secret"')
        terminal.await_text("SSM parameter /org/base (String): laptop, made up for this machine.")
        terminal.await_text(READY)
        assert "secret" not in terminal.shown
        assert "prod 1 ami-00000000000000000 laptop my" in outputs(place)
    finally:
        terminal.end()
    remembered = place.folder / ".aws-sam/local/parameters-local.json"
    assert json.loads(remembered.read_text()) == {"Stage": "prod"}
    assert remembered.stat().st_mode & 0o777 == 0o600


def test_without_a_terminal(place: Workplace) -> None:
    """One line names what is missing, or does not fit, or is unknown; remembered values count."""
    (place.folder / ".aws-sam/local").mkdir(parents=True)
    (place.folder / ".aws-sam/local/parameters-local.json").write_text('{"Stage": "dev", "Gone": "x"}')
    missing = place.run(*COMMAND)
    assert (missing.returncode, missing.stderr) == (
        1,
        "The template's parameters have no value: Token (String). Give them with --parameter-overrides Token=..., or "
        "as parameter_overrides in samconfig.toml or in [tool.cloudfront-local] of pyproject.toml.\n",
    )
    unfit = place.run(*COMMAND, "--parameter-overrides", "Stage=test", "Size=big")
    assert (unfit.returncode, unfit.stderr) == (
        1,
        "Values of parameters do not fit: Stage is one of dev, prod; Size is a number. Correct parameter_overrides.\n",
    )
    unknown = place.run(*COMMAND, "--parameter-overrides", "Stge=dev")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "The template has no parameter Stge. Its parameters are: Stage, Size, Token, Image, Base.\n",
    )
