"""Resource types that ministack's CloudFormation lacks: some are made, the others are left out and named."""

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloudfront_local.aws import deployment, left_out
from cloudfront_local.aws.endpoint import Endpoint

PEM = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)

TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
DISTRIBUTION = {
    "Type": "AWS::CloudFront::Distribution",
    "Properties": {
        "DistributionConfig": {
            "Enabled": True,
            "Origins": [
                {"Id": "o", "DomainName": "example.org", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
            ],
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "ViewerProtocolPolicy": "allow-all",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
        }
    },
}


class Stack:
    """The test's stack."""

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        self.name = name
        self.cloudformation = endpoint.client("cloudformation")
        self._calls = [self.cloudformation.create_stack, *[self.cloudformation.update_stack] * 2]

    def deploy(self, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, str]:
        """Creates or updates the stack. Returns the ids of its resources."""
        template = json.dumps({"Resources": resources, **({"Outputs": outputs} if outputs else {})})
        self._calls.pop(0)(StackName=self.name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
        settled(self.cloudformation, self.name)
        found = self.cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


@pytest.fixture
def stack(endpoint: Endpoint) -> Iterator[Stack]:
    stack = Stack(endpoint, f"resources-{uuid.uuid4().hex[:8]}")
    yield stack
    stack.cloudformation.delete_stack(StackName=stack.name)


def settled(cloudformation: Any, name: str) -> None:
    for _ in range(200):
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if stack["StackStatus"].endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
            return
        assert "ROLLBACK" not in stack["StackStatus"], cloudformation.describe_stack_events(StackName=name)
        time.sleep(0.05)
    raise AssertionError(f"{name} is {stack['StackStatus']}")


def test_left_out(endpoint: Endpoint, stack: Stack) -> None:
    """A type that ministack lacks is left out. What refers to it gets a value, and the terminal names it."""
    records = {"Type": "AWS::Route53::RecordSetGroup", "Properties": {"HostedZoneName": "example.com."}}
    cluster = {"Type": "AWS::MSK::Cluster", "DependsOn": "Records", "Properties": {"ClusterName": "one"}}
    parameter = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Fn::Sub": "${Cluster.Arn}"}},
    }
    resources = {"Records": records, "Cluster": cluster, "Parameter": parameter, "Distribution": DISTRIBUTION}
    outputs = {"Ref": {"Value": {"Ref": "Cluster"}}, "Any": {"Value": {"Fn::GetAtt": ["Cluster", "Any.Thing"]}}}
    ids = stack.deploy(resources, outputs)
    stored = endpoint.client("ssm").get_parameter(Name=ids["Parameter"])["Parameter"]["Value"]
    assert stored == "arn:aws:left-out:us-east-1:000000000000:Cluster"
    read = deployment.read(endpoint, stack.name)
    assert read.outputs == {"Ref": "left-out-Cluster", "Any": "left-out-Cluster-Any.Thing"}
    assert list(left_out.lines(read.left_out)) == [
        "Records (AWS::Route53::RecordSetGroup): no DNS record leads here; the addresses above do, and the aliases as "
        "the header Host",
        "Cluster (AWS::MSK::Cluster): whatever needs it does not work here",
    ]
    cluster["Properties"] = {"ClusterName": "two"}
    assert stack.deploy(resources)["Cluster"] == ids["Cluster"]


PYTHON = """
import cfnresponse
def handler(event, context):
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Made": event["ResourceProperties"]["Of"] + "!"}, "its-id")
"""
NODE = """
const response = require("cfn-response");
exports.handler = (event, context) => {
  response.send(event, context, response.SUCCESS, { Made: event.ResourceProperties.Of + "!" }, "its-id");
};
"""
FAILS = """
import cfnresponse
def handler(event, context):
    cfnresponse.send(event, context, cfnresponse.FAILED, None, reason="out of paper")
"""


def custom(code: str, runtime: str) -> dict[str, Any]:
    """A custom resource `Thing` with an inline function."""
    function = {
        "Runtime": runtime,
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": code},
        "Timeout": 10,
    }
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Thing": {
            "Type": "Custom::Thing",
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "Of": "paper", "ServiceTimeout": 20},
        },
    }


NEEDS_NODE = pytest.mark.skipif(not shutil.which("node"), reason="this machine has no `node`")


@pytest.mark.parametrize(
    ("code", "runtime"), [(PYTHON, "python3.12"), pytest.param(NODE, "nodejs20.x", marks=NEEDS_NODE)]
)
def test_inline_custom_resources(endpoint: Endpoint, stack: Stack, code: str, runtime: str) -> None:
    """An inline function finds Lambda's module that answers to CloudFormation."""
    ids = stack.deploy(custom(code, runtime), {"Made": {"Value": {"Fn::GetAtt": ["Thing", "Made"]}}})
    assert (ids["Thing"], deployment.outputs(endpoint, stack.name)) == ("its-id", {"Made": "paper!"})


def test_a_custom_resource_fails(stack: Stack) -> None:
    """The reason that the function gives is CloudFormation's."""
    with pytest.raises(AssertionError, match="ROLLBACK"):
        stack.deploy(custom(FAILS, "python3.12"))
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert any("out of paper" in each.get("ResourceStatusReason", "") for each in events)


def test_role_policy(endpoint: Endpoint, stack: Stack) -> None:
    """AWS::IAM::RolePolicy is an inline policy of its role, which an update changes and a removal removes."""
    iam = endpoint.client("iam")
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    document: dict[str, Any] = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    policy = {
        "Type": "AWS::IAM::RolePolicy",
        "Properties": {"RoleName": {"Ref": "Role"}, "PolicyName": "read", "PolicyDocument": document},
    }
    name = stack.deploy({"Role": role, "Policy": policy})["Role"]
    assert iam.get_role_policy(RoleName=name, PolicyName="read")["PolicyDocument"]["Statement"] == document["Statement"]
    document["Statement"][0]["Action"] = "s3:PutObject"
    stack.deploy({"Role": role, "Policy": policy})
    stored = iam.get_role_policy(RoleName=name, PolicyName="read")["PolicyDocument"]["Statement"]
    assert stored[0]["Action"] == "s3:PutObject"


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("AmazonSSMReadOnlyAccess", True),
        ("service-role/AWSLambdaDynamoDBExecutionRole", True),
        ("AWSLambdaDynamoDBExecutionRole", False),
        ("AmazonSSMReadOnlyAcess", False),
    ],
)
def test_managed_policies(stack: Stack, name: str, exists: bool) -> None:
    """A role with an AWS managed policy that does not exist is refused, in AWS's words."""
    arn = f"arn:aws:iam::aws:policy/{name}"
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [arn]},
    }
    if exists:
        assert stack.deploy({"Role": role})["Role"]
        return
    with pytest.raises(AssertionError, match="ROLLBACK"):
        stack.deploy({"Role": role})
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert f"Policy {arn} does not exist or is not attachable." in [each.get("ResourceStatusReason") for each in events]


def test_keys(endpoint: Endpoint, stack: Stack) -> None:
    """A public key and a key group are CloudFront's. An update keeps their ids."""
    cloudfront = endpoint.client("cloudfront")
    key = {"Type": "AWS::CloudFront::PublicKey", "Properties": {"PublicKeyConfig": {"Name": "k", "EncodedKey": PEM}}}
    group = {"Type": "AWS::CloudFront::KeyGroup", "Properties": {"KeyGroupConfig": {"Items": [{"Ref": "Key"}]}}}
    ids = stack.deploy({"Key": key, "Group": group})
    assert all(len(made) == 14 and made.startswith("K") for made in ids.values())
    assert cloudfront.get_public_key(Id=ids["Key"])["PublicKey"]["PublicKeyConfig"]["EncodedKey"] == PEM
    group["Properties"]["KeyGroupConfig"]["Comment"] = "later"
    assert stack.deploy({"Key": key, "Group": group}) == ids
    found = cloudfront.get_key_group(Id=ids["Group"])["KeyGroup"]["KeyGroupConfig"]
    assert (found["Items"], found["Comment"]) == ([ids["Key"]], "later")


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (
            {"Type": "AWS::CloudFront::PublicKey", "Properties": {"PublicKeyConfig": {"Name": "k", "EncodedKey": "k"}}},
            "Your request contains empty/invalid/out of limits RSA Encoded Key",
        ),
        (
            {"Type": "AWS::CloudFront::KeyGroup", "Properties": {"KeyGroupConfig": {"Name": "g", "Items": ["KOTHER"]}}},
            "The public key KOTHER of the key group does not exist.",
        ),
    ],
)
def test_no_keys(stack: Stack, resource: dict[str, Any], reason: str) -> None:
    """A key that is no key, and a key group of unknown keys, are refused."""
    with pytest.raises(AssertionError, match="ROLLBACK"):
        stack.deploy({"It": resource})
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert reason in [each.get("ResourceStatusReason") for each in events]


@pytest.mark.parametrize("kind", ["AWS::S3", "Bucket", "AWS::CloudFormation::Nothing", "AWS::Serverless::Nothing"])
def test_no_type(endpoint: Endpoint, kind: str) -> None:
    """A name that is no type's is refused, in CloudFormation's words."""
    cloudformation = endpoint.client("cloudformation")
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        cloudformation.create_stack(StackName="none", TemplateBody=json.dumps({"Resources": {"A": {"Type": kind}}}))


# ── HTTP APIs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
INTEGRATION = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION, "payloadFormatVersion": "2.0"}
OPENAPI = {
    "openapi": "3.0.1",
    "info": {"title": "api", "version": "1.0"},
    "paths": {
        "/books/{id}": {
            "get": {"x-amazon-apigateway-integration": INTEGRATION, "security": [{"Tokens": ["read"]}]},
            "parameters": [{"name": "id", "in": "path", "required": True}],
        },
        "/any": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": INTEGRATION}},
        "/signed": {"put": {"x-amazon-apigateway-integration": INTEGRATION, "security": [{"AWS_IAM": []}]}},
        "/custom": {"get": {"x-amazon-apigateway-integration": INTEGRATION, "security": [{"Custom": []}]}},
        "/$default": {
            "x-amazon-apigateway-any-method": {
                "x-amazon-apigateway-integration": {"type": "http_proxy", "uri": "https://example.org"},
                "isDefaultRoute": True,
            }
        },
    },
    "components": {
        "securitySchemes": {
            "Tokens": {
                "type": "oauth2",
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt",
                    "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": {"issuer": "https://issuer.example.org", "audience": ["me"]},
                },
            },
            "Custom": {
                "type": "apiKey",
                "x-amazon-apigateway-authorizer": {
                    "type": "request",
                    "identitySource": "$request.header.A, $request.header.B",
                    "authorizerUri": FUNCTION,
                    "authorizerPayloadFormatVersion": "2.0",
                },
            },
            "AWS_IAM": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"},
        }
    },
    "x-amazon-apigateway-cors": {"allowOrigins": ["https://app.example.com"]},
}


def api(body: dict[str, Any]) -> dict[str, Any]:
    return {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}}


def test_http_api(endpoint: Endpoint, stack: Stack) -> None:
    """An API has the parts that its definition describes."""
    made = stack.deploy(api(OPENAPI))["Api"]
    client = endpoint.client("apigatewayv2")
    names = {each["AuthorizerId"]: each["Name"] for each in client.get_authorizers(ApiId=made)["Items"]}
    routes = {
        each["RouteKey"]: (each["AuthorizationType"], names.get(each.get("AuthorizerId")))
        for each in client.get_routes(ApiId=made)["Items"]
    }
    assert routes == {
        "GET /books/{id}": ("JWT", "Tokens"),
        "ANY /any": ("NONE", None),
        "PUT /signed": ("AWS_IAM", None),
        "GET /custom": ("CUSTOM", "Custom"),
        "$default": ("NONE", None),
    }
    assert [each["IntegrationType"] for each in client.get_integrations(ApiId=made)["Items"]].count("HTTP_PROXY") == 1
    sources = {each["Name"]: each["IdentitySource"] for each in client.get_authorizers(ApiId=made)["Items"]}
    assert sources == {
        "Tokens": ["$request.header.Authorization"],
        "Custom": ["$request.header.A", "$request.header.B"],
    }
    assert client.get_api(ApiId=made)["CorsConfiguration"]["AllowOrigins"] == ["https://app.example.com"]


def test_changed_http_api(endpoint: Endpoint, stack: Stack) -> None:
    """A changed definition takes the place of the old one."""
    stack.deploy(api(OPENAPI))
    paths = {"/new": {"get": {"x-amazon-apigateway-integration": INTEGRATION}}}
    made = stack.deploy(api({**OPENAPI, "paths": paths}))["Api"]
    routes = endpoint.client("apigatewayv2").get_routes(ApiId=made)["Items"]
    assert [route["RouteKey"] for route in routes] == ["GET /new"]


@pytest.mark.parametrize(
    ("body", "routes"),
    [
        ({}, []),
        ({"paths": None, "components": None}, []),
        ({"paths": {"/a": None, "/b": {"summary": "b", "get": None}, "/$default": {"description": "x"}}}, ["GET /b"]),
    ],
)
def test_odd_definition(endpoint: Endpoint, stack: Stack, body: dict[str, Any], routes: list[str]) -> None:
    """Parts of a definition that are missing or empty are no routes, and no failure."""
    made = stack.deploy(api(body))["Api"]
    found = endpoint.client("apigatewayv2").get_routes(ApiId=made)["Items"]
    assert [route["RouteKey"] for route in found] == routes


def test_definition_in_s3(endpoint: Endpoint, stack: Stack) -> None:
    """The definition of an API may be a file in S3, YAML or JSON."""
    s3, apis = endpoint.client("s3"), endpoint.client("apigatewayv2")
    s3.create_bucket(Bucket=stack.name)
    s3.put_object(Bucket=stack.name, Key="api.json", Body=json.dumps(OPENAPI).encode())
    s3.put_object(Bucket=stack.name, Key="api.yaml", Body=b"{openapi: 3.0.1, info: {title: t}, paths: {/a: {get: {}}}}")
    files = {name: {"Bucket": stack.name, "Key": f"api.{name}"} for name in ("json", "yaml")}
    kinds = {"json": "AWS::ApiGatewayV2::Api", "yaml": "AWS::ApiGateway::RestApi"}
    resources = {name: {"Type": kinds[name], "Properties": {"BodyS3Location": files[name]}} for name in files}
    made = stack.deploy(resources)
    assert len(apis.get_routes(ApiId=made["json"])["Items"]) == 5
    paths = endpoint.client("apigateway").get_resources(restApiId=made["yaml"])["items"]
    assert {path["path"] for path in paths} == {"/", "/a"}


# ── VPC origins and target groups ─────────────────────────────────────────────────────────────────────────────────────


def test_vpc_origin(endpoint: Endpoint, stack: Stack) -> None:
    """A VPC origin leads to its endpoint."""
    balancer = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Scheme": "internal"}}
    config = {"Name": stack.name, "Arn": {"Ref": "Balancer"}, "HTTPPort": 8080, "OriginProtocolPolicy": "http-only"}
    config["OriginSSLProtocols"] = ["TLSv1.2"]
    private = {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}
    made = stack.deploy({"Balancer": balancer, "Private": private})
    found = endpoint.client("cloudfront").get_vpc_origin(Id=made["Private"])["VpcOrigin"]["VpcOriginEndpointConfig"]
    assert (found["Arn"], found["HTTPPort"], found["HTTPSPort"]) == (made["Balancer"], 8080, 443)
    assert found["OriginSslProtocols"]["Items"] == ["TLSv1.2"]


def test_vpc_origin_without_endpoint(stack: Stack) -> None:
    """CloudFront's refusal is the stack's."""
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/0123456789abcdef"
    config = {"Name": stack.name, "Arn": arn}
    with pytest.raises(AssertionError, match="ROLLBACK"):
        stack.deploy({"P": {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}})
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert any("LoadBalancerNotFound" in event.get("ResourceStatusReason", "") for event in events)


def test_targets(endpoint: Endpoint, stack: Stack) -> None:
    """A target group has the targets of the template, which an update replaces."""
    client = endpoint.client("elbv2")
    for address, port in (("10.0.0.1", None), ("10.0.0.2", 8080)):
        target = {"Id": address, **({"Port": port} if port else {})}
        properties = {"TargetType": "ip", "Port": 80, "Protocol": "HTTP", "Targets": [target]}
        made = stack.deploy({"G": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": properties}})["G"]
        found = client.describe_target_health(TargetGroupArn=made)["TargetHealthDescriptions"]
        assert [(each["Target"]["Id"], each["Target"]["Port"]) for each in found] == [(address, port or 80)]


# ── Websites ──────────────────────────────────────────────────────────────────────────────────────────────────────────

RULE = {"RedirectRule": {"HostName": "www.example.com"}}


def site(**website: Any) -> dict[str, Any]:
    return {"Site": {"Type": "AWS::S3::Bucket", "Properties": {"WebsiteConfiguration": website}}}


def test_website(endpoint: Endpoint, stack: Stack) -> None:
    """Fifty routing rules are not too many."""
    made = stack.deploy(site(IndexDocument="index.html", RoutingRules=[RULE] * 50))["Site"]
    found = endpoint.client("s3").get_bucket_website(Bucket=made)
    assert (found["IndexDocument"], len(found["RoutingRules"])) == ({"Suffix": "index.html"}, 50)


@pytest.mark.parametrize(
    ("website", "message"),
    [
        (
            {"IndexDocument": "index.html", "RoutingRules": [RULE] * 51},
            "51 routing rules provided, the number of routing rules in a website configuration is limited to 50.",
        ),
        (
            {
                "IndexDocument": "index.html",
                "RoutingRules": [{"RedirectRule": {"ReplaceKeyWith": "a", "ReplaceKeyPrefixWith": "b"}}],
            },
            "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
        ),
        (
            {"RedirectAllRequestsTo": {"HostName": "a.example"}, "IndexDocument": "index.html"},
            "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
        ),
    ],
)
def test_website_refused(stack: Stack, website: dict[str, Any], message: str) -> None:
    """A website configuration that S3 refuses is refused, in S3's words."""
    with pytest.raises(AssertionError, match="ROLLBACK"):
        stack.deploy(site(**website))
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    assert any(message in event.get("ResourceStatusReason", "") for event in events)
