"""`serve` lints the template first: E9xxx findings stop it, W9xxx findings are printed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.serving import template_lint

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = REPOSITORY / "tests" / "lint" / "templates"
FUNCTION = "Function (at viewer-request of Distribution's DefaultCacheBehavior)"
STORAGE = (
    f"template.yaml:16 E9011: {FUNCTION} has 513 MB of ephemeral storage. Lambda@Edge gives 512 MB: "
    "remove EphemeralStorage."
)
ARM = (
    f"template.yaml:16 E9009: {FUNCTION} is for arm64. Lambda@Edge runs x86_64 only: set Architectures: [x86_64]. "
    "It runs here all the same."
)
OUTSIDE = """
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        HttpVersion: http4
        PriceClass: !If [Cheap, PriceClass_100, !Ref AWS::NoValue]
        Origins:
          - Id: site
            DomainName: www.example.org
            CustomOriginConfig: { OriginProtocolPolicy: https-only }
        DefaultCacheBehavior:
          TargetOriginId: site
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          ViewerProtocolPolicy: !Ref Policy
        CustomErrorResponses: [ErrorCode: 401]
  Control:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        SigningProtocol: sigv2
Parameters: { Policy: { Type: String } }
Conditions: { Cheap: !Equals [!Ref AWS::AccountId, "1"] }
"""


@pytest.fixture
def template(tmp_path):
    """Copies one of the linter's test templates into a folder, as a project's template.yaml."""

    def put(name):
        return Path(shutil.copy(TEMPLATES / name, tmp_path / "template.yaml"))

    return put


def test_stops(template):
    """A function that the edge cannot run stops `serve` before the build, with one clear message and no files left."""
    path = template("E9011/bad.yaml")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PORT": "0", "WINDOW_PORT": "0", "AWS_PORT": "0"}
    command = [sys.executable, "-m", "cloudfront_local", "--template", str(path)]
    result = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (result.returncode, result.stderr.splitlines()) == (
        1,
        [
            f"AWS would refuse {path}. Correct these errors and start again:",
            f"  {STORAGE}",
        ],
    )
    assert [line.partition(" ..")[0] for line in result.stdout.splitlines()] == [
        "Start the embedded AWS (ministack)",
        "Lint the template",
    ]
    assert not (path.parent / ".aws-sam" / "local" / "build").exists()


async def test_values_outside_of_the_schema(tmp_path):
    """A value that CloudFormation's schema does not have stops `serve`. A value that a rule refuses is said once."""
    path = tmp_path / "template.yaml"
    path.write_text(OUTSIDE)
    with pytest.raises(template_lint.LintError) as refused:
        await template_lint.linted(path)
    assert str(refused.value).splitlines()[1:] == [
        "  template.yaml:7 E3030: InvalidArgument: the HttpVersion of Distribution is 'http4'. CloudFront takes "
        "http1.1, http2, http2and3, http3.",
        "  template.yaml:17 E9043: InvalidErrorCode: Distribution has a custom error response for 401. There are such "
        "responses for 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504.",
        "  template.yaml:22 E3031: InvalidArgument: the SigningProtocol of Control is 'sigv2'. CloudFront takes "
        "^(sigv4|sigv4a)$.",
    ]


async def test_warns(template):
    """A W9xxx finding is returned and stops nothing."""
    [warning] = (await template_lint.linted(template("W9001/bad.yaml"))).warnings
    assert warning.startswith("template.yaml:16 W9001: Function (at viewer-request of Distribution's DefaultCacheBehav")


async def test_runs_here(template):
    """A function for another processor, or of a runtime that Lambda ended, runs here: a warning says so."""
    assert (await template_lint.linted(template("E9009/bad.yaml"))).warnings == [ARM]
    [warning] = (await template_lint.linted(template("E9012/bad.yaml"))).warnings
    assert warning.startswith(f"template.yaml:10 E9012: {FUNCTION} runs on python3.10. Lambda deprecated it on")
    assert warning.endswith("It runs here all the same.")


@pytest.fixture
def look_again():
    """Interpreters are looked for in this test's PATH."""
    for cached in (interpreter.find, interpreter.node):
        cached.cache_clear()
    yield
    for cached in (interpreter.find, interpreter.node):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("runtime", "problem"),
    [
        (
            "nodejs20.x",
            "nodejs20.x needs Node.js 18 or later on this machine, and the command `node` starts none. Install Node.js "
            "(https://nodejs.org), or put its folder on the PATH, and start again.",
        ),
        ("ruby3.4", "its runtime is ruby3.4. Lambda@Edge runs Python and Node.js only: change its Runtime."),
    ],
)
@pytest.mark.parametrize("script", [None, "echo v16.20.2 /old/node"])
@pytest.mark.usefixtures("look_again")
async def test_cannot_run_here(template, tmp_path, monkeypatch, runtime, problem, script):
    """A function that this machine cannot run stops `serve` before the build, with its name."""
    if script:
        (tmp_path / "node").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "node").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    path = template("E9012/bad.yaml")
    path.write_text(path.read_text().replace("python3.10", runtime))
    with pytest.raises(LocalError) as error:
        await template_lint.linted(path)
    assert str(error.value) == f"Function cannot run: {problem}"


async def test_clean(template):
    """A template that keeps every rule has no findings."""
    assert (await template_lint.linted(template("E9009/good.yaml"))).warnings == []


async def test_settings_of_others(template, monkeypatch):
    """A .cfnlintrc of the folder or of the user changes no finding."""
    path = template("E9011/bad.yaml")
    (path.parent / ".cfnlintrc").write_text("ignore_checks: [E9011]")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("HOME", str(path.parent))
    with pytest.raises(template_lint.LintError, match="E9011"):
        await template_lint.linted(path)


async def test_other_findings(template):
    """cfn-lint's own findings are not reported: `sam build` reports a template that it cannot read."""
    path = template("E9009/good.yaml")
    path.write_text("Resources: [1")
    assert (await template_lint.linted(path)).warnings == []


async def test_a_type_that_aws_has_not(tmp_path):
    """A misspelled type stops `serve`; types of AWS, of modules and of custom resources do not."""
    kinds = ["AWS::S3::Bukcet", "AWS::GuardDuty::Detector", "Custom::Thing", "My::Own::Kind::MODULE"]
    path = tmp_path / "template.yaml"
    path.write_text("Resources:\n" + "".join(f"  R{n}:\n    Type: {kind}\n" for n, kind in enumerate(kinds)))
    with pytest.raises(template_lint.LintError) as error:
        await template_lint.linted(path)
    assert str(error.value).splitlines()[1:] == [
        "  template.yaml:3 E3006: AWS has no resource type AWS::S3::Bukcet. Correct the type of R0."
    ]


async def test_a_role_that_is_not_there(tmp_path):
    """A reference to nothing stops `serve`, for the embedded AWS would deploy it; what SAM makes is there."""
    path = tmp_path / "template.yaml"
    path.write_text(
        """
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: beta } }
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt Rolle.Arn
      Events: { Api: { Type: Api, Properties: { Path: /, Method: get } } }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !Sub '${Stage}-${AWS::Region}-${!kept}-${Tabel}' }
Outputs:
  Api: { Value: !Sub 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/Prod/' }
  Role: { Value: !GetAtt FunctionRole.Arn }
  Bucket: { Value: !Ref Bukcet }
"""
    )
    with pytest.raises(template_lint.LintError) as error:
        await template_lint.linted(path)
    assert str(error.value).splitlines()[1:] == [
        "  template.yaml:8 E1010: The template has no resource Rolle. Correct Rolle.Arn, or add Rolle.",
        "  template.yaml:12 E1020: The template has no resource Tabel. Correct Tabel, or add Tabel.",
        "  template.yaml:16 E1020: The template has no resource Bukcet. Correct Bukcet, or add Bukcet.",
    ]


async def test_names_that_a_macro_may_make(tmp_path):
    """What a macro makes is not known, so nothing is said about names."""
    path = tmp_path / "template.yaml"
    path.write_text(
        "Transform: Own\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\nOutputs: { A: { Value: !Ref B } }\n"
    )
    assert (await template_lint.linted(path)).warnings == []


async def test_code_of_a_cloudfront_function(tmp_path):
    """Code that the runtime refuses stops nothing: AWS deploys it. An unpublished function stops."""
    path = tmp_path / "template.yaml"
    text = """
Resources:
  Rewrite:
    Type: AWS::CloudFront::Function
    Properties:
      Name: rewrite
      AutoPublish: true
      FunctionConfig: { Comment: "", Runtime: cloudfront-js-2.0 }
      FunctionCode: class A {}
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: o, DomainName: example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
          FunctionAssociations: [{ EventType: viewer-request, FunctionARN: !GetAtt Rewrite.FunctionARN }]
"""
    path.write_text(text)
    assert (await template_lint.linted(path)).warnings == []
    path.write_text(text.replace("AutoPublish: true", "AutoPublish: false"))
    with pytest.raises(template_lint.LintError, match="E9029: Rewrite runs at viewer-request"):
        await template_lint.linted(path)
