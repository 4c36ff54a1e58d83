"""The rules for CloudFront Functions beyond their examples: composed code, conditions, and what cannot be judged."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.template import Template

REPOSITORY = Path(__file__).resolve().parents[2]
OK = "function handler(event) {\n  return event.request;\n}\n"
LOOP = "function handler(event) {\n  for (const a of []) {}\n  return event.request;\n}\n"
OF = 'Rewrite:2:16: SyntaxError: Token "of" not supported in this version'
CONDITION = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}


@pytest.fixture
def found(rules):
    """The rules and messages about a function with this code, in a distribution that may run it."""

    def run(code: Any = OK, arn: Any = None, runtime: Any = "cloudfront-js-2.0", **properties: Any) -> list[Any]:
        config = {"Comment": "", "Runtime": runtime}
        function = {"Name": "rewrite", "FunctionConfig": config, "FunctionCode": code, **properties}
        template: dict[str, Any] = {
            "Parameters": {"Stage": {"Type": "String"}, "Runtime": {"Type": "String", "Default": "cloudfront-js-1.0"}},
            "Conditions": {"Prod": CONDITION},
            "Resources": {"Rewrite": {"Type": "AWS::CloudFront::Function", "Properties": function}},
        }
        if arn:
            associations = [{"EventType": "viewer-request", "FunctionARN": arn}]
            behavior = {"TargetOriginId": "o", "FunctionAssociations": associations}
            distribution = {"DistributionConfig": {"DefaultCacheBehavior": behavior}}
            template["Resources"]["D"] = {"Type": "AWS::CloudFront::Distribution", "Properties": distribution}
        ours = ("E9026", "E9027", "E9028", "E9029", "W9005", "I9001")
        return [(rule, message) for _, rule, message in found_by(rules.values(), Template(template)) if rule in ours]

    return run


@pytest.mark.parametrize(
    "code",
    [
        LOOP,
        {"Fn::Sub": LOOP},
        {"Fn::Sub": [LOOP.replace("[]", "${List}"), {"List": "[]"}]},
        {"Fn::Join": ["\n", LOOP.splitlines()]},
        {"Fn::If": ["Prod", OK, LOOP]},
    ],
    ids=["inline", "Sub", "Sub with variables", "Join", "If"],
)
def test_code(found, code):
    """Code that the template holds is parsed, however it is composed; the message has line, column and advice."""
    [(rule, message)] = found(code)
    assert rule == "E9026"
    assert message.startswith(f"CloudFront cannot run this code, and answers 503: {OF}. ")


def test_every_place(found):
    """One finding names every place that the runtime refuses."""
    [(_, message)] = found(OK + "class A {}\nsetTimeout(handler, 1);\n")
    assert "Rewrite:4:1: " in message
    assert "Rewrite:5:1: " in message


@pytest.mark.parametrize(
    ("code", "runtime", "reason"),
    [
        ({"Fn::Sub": "// ${Store}\n" + LOOP}, "cloudfront-js-2.0", "only the deployment knows all of it"),
        ({"Fn::Join": ["", [LOOP, {"Fn::ImportValue": "x"}]]}, "cloudfront-js-2.0", "only the deployment knows all"),
        (
            {"Fn::Transform": {"Name": "AWS::Include"}},
            "cloudfront-js-2.0",
            "only the deployment knows all of it",
        ),
        ("{{resolve:ssm:/code}}", "cloudfront-js-2.0", "only the deployment knows all of it"),
        (LOOP, {"Ref": "Stage"}, "only the deployment knows Ref Stage"),
    ],
    ids=["Sub", "Join", "Include", "dynamic reference", "runtime"],
)
def test_cannot_judge(found, code, runtime, reason):
    """Code or a runtime that only the deployment knows is not judged, and I9001 says so."""
    [(rule, message)] = found(code, runtime=runtime)
    assert rule == "I9001"
    assert message.startswith(f"Cannot judge the code of Rewrite: {reason}")


def test_runtime_of_a_parameter(found):
    """A parameter counts as its default: the runtime 1.0 has no const."""
    assert found("var a = 1;\n" + OK, runtime={"Ref": "Runtime"}) == []
    [(rule, message)] = found("const a = 1;\n" + OK, runtime={"Ref": "Runtime"})
    assert (rule, "Rewrite:1:1: " in message) == ("E9026", True)


def test_size(found):
    """10,240 bytes are accepted, one more is not; above 10,000 nobody knows."""
    assert found(OK + "/" * (10_000 - len(OK))) == []
    assert [rule for rule, _ in found(OK + "/" * (10_240 - len(OK)))] == []
    [(rule, message)] = found(OK + "/" * (10_241 - len(OK)))
    assert rule == "E9027"
    assert message.startswith("The code of Rewrite has 10,241 bytes. CloudFront takes 10,240: ")


@pytest.mark.parametrize(
    "arn",
    [
        {"Fn::GetAtt": "Rewrite.FunctionARN"},
        {"Fn::GetAtt": ["Rewrite", "FunctionMetadata.FunctionARN"]},
        {"Fn::Sub": "${Rewrite.FunctionARN}"},
        {"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:function/${Rewrite}"},
    ],
)
def test_not_published(found, arn):
    """A function that a behavior runs needs AutoPublish, whichever way the behavior names the function."""
    for properties in ({}, {"AutoPublish": False}, {"AutoPublish": {"Fn::If": ["Prod", True, "false"]}}):
        [(rule, message)] = found(arn=arn, **properties)
        assert rule == "E9029"
        assert message.startswith("Rewrite runs at viewer-request of D's DefaultCacheBehavior and is not published: ")
    assert found(arn=arn, AutoPublish=True) == []
    assert found(arn=arn, AutoPublish="true") == []
    assert found(arn="arn:aws:cloudfront::123456789012:function/other") == []


def test_without_the_parser(tmp_path):
    """Without the extra `aws`, the code is not judged, and I9001 says what to install; the size is judged."""
    (tmp_path / "quickjs.py").write_text("raise ModuleNotFoundError(name='quickjs')")
    template = tmp_path / "template.yaml"
    code = LOOP + "/" * 10_240
    template.write_text(
        "Resources:\n  Rewrite:\n    Type: AWS::CloudFront::Function\n    Properties:\n      Name: rewrite\n"
        f"      FunctionConfig: {{Comment: '', Runtime: cloudfront-js-2.0}}\n      FunctionCode: {code!r}\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "cloudfront_local", "lint", template],
        env={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(REPOSITORY)])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (
        "I9001 Cannot judge the code of Rewrite: The Python package quickjs is missing. It parses the code of "
        "CloudFront Functions, and comes with the extra `aws`: python -m pip install 'cloudfront-local[aws]'."
    ) in ended.stdout
    assert "E9027 The code of Rewrite has" in ended.stdout
    assert "E9026" not in ended.stdout
