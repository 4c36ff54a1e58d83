import json

import pytest

BUCKET = {
    "Type": "AWS::S3::Bucket",
    "Properties": {"BucketName": {"Fn::Sub": "${EdgeStackName}-content-${AWS::AccountId}-${AWS::Region}"}},
}
POLICY = {
    "Type": "AWS::S3::BucketPolicy",
    "Properties": {
        "Bucket": {"Ref": "ContentBucket"},
        "PolicyDocument": {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:GetObject",
                    "Resource": {"Fn::Sub": "${ContentBucket.Arn}/*"},
                    "Principal": {"AWS": [{"Ref": "RouterRoleArn"}, {"Ref": "ContentIdentityId"}]},
                }
            ]
        },
    },
}
STRING = {"Type": "String"}
TEMPLATE = {
    "Parameters": {
        "EdgeStackName": {**STRING, "AllowedPattern": "^[a-z][a-z0-9-]*$"},
        "ContentIdentityId": STRING,
        "RouterRoleArn": STRING,
        "Days": {**STRING, "Default": "7"},
    },
    "Resources": {"ContentBucket": BUCKET, "ContentBucketPolicy": POLICY},
    "Outputs": {"ContentBucketName": {"Value": {"Ref": "ContentBucket"}}},
}


@pytest.fixture(autouse=True)
def write(aws, tmp_path):  # noqa: ARG001 - the stack's folder
    """Writes regional.yaml as JSON, which is valid YAML."""

    def write(**changes):
        (tmp_path / "regional.yaml").write_text(json.dumps(TEMPLATE | changes))

    write()
    return write


def test_deploy(stack, aws):
    """Each Region gets a stack. Its parameters are the edge stack's name and outputs of the same names."""
    prefix = f"{aws.name}-content-123456789012"
    assert stack("deploy-region", "eu-west-1", "ap-southeast-2") == (
        0,
        f"ContentBucketName: {prefix}-eu-west-1\nContentBucketName: {prefix}-ap-southeast-2\n",
        "".join(
            f"Deploying {aws.name}-content to {region} ...\n"
            f"The stack {aws.name}-content in {region} is deployed. No file was uploaded.\n"
            for region in ("eu-west-1", "ap-southeast-2")
        ),
    )
    (found,) = aws.client("cloudformation", "eu-west-1").describe_stacks(StackName=f"{aws.name}-content")["Stacks"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]} == {
        "EdgeStackName": aws.name,
        "ContentIdentityId": "E2QWRUHAPOMQZL",
        "RouterRoleArn": aws.outputs["RouterRoleArn"],
        "Days": "7",
    }
    policy = json.loads(aws.client("s3").get_bucket_policy(Bucket=f"{prefix}-eu-west-1")["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": [aws.outputs["RouterRoleArn"], "E2QWRUHAPOMQZL"]}


def test_deploy_again(stack, write):
    """An unchanged template changes nothing; a changed one updates the stack."""
    stack("deploy-region", "eu-west-1")
    assert stack("deploy-region", "eu-west-1").status == 0
    write(Outputs={"Changed": {"Value": "yes"}})
    assert stack("deploy-region", "eu-west-1").stdout == "Changed: yes\n"


def test_destroy(stack, aws):
    """`destroy` deletes such a stack by its own name and Region."""
    stack("deploy-region", "eu-west-1")
    name = f"{aws.name}-content"
    assert stack("--stack-name", name, "--region", "eu-west-1", "destroy", "--yes").status == 0
    stacks = aws.client("cloudformation", "eu-west-1").describe_stacks()["Stacks"]
    assert name not in {found["StackName"] for found in stacks}


def test_not_destroyed(stack):
    """`destroy` of the edge stack says that it does not delete these stacks."""
    said = stack("destroy", stdin="no\n").stderr
    assert "DNS records, and the stacks that `deploy-region` created in other Regions." in " ".join(said.split())


def test_own_region(stack):
    """The edge stack's own Region is refused."""
    assert stack("deploy-region", "eu-west-1", "us-east-1") == (
        1,
        "",
        "us-east-1 is the edge stack's own Region, and template.yaml has created a content bucket there. Name other "
        "Regions.\n",
    )


def test_no_template(stack):
    """The message names a missing template."""
    assert stack("deploy-region", "eu-west-1", "--template", "none.yaml").stderr == (
        "There is no template none.yaml to deploy. Check --template and the folder.\n"
    )


def test_missing_output(stack, aws, proxy, write):
    """The message names a parameter without a value and a default."""
    # ministack says that a parameter without a default has an empty one; AWS says nothing.
    proxy.after.append(lambda _, body: body.replace("<DefaultValue></DefaultValue>", ""))
    write(Parameters={"EdgeStackName": STRING, "KeyArn": STRING})
    assert stack("deploy-region", "eu-west-1").stderr == (
        f"Deploying {aws.name}-content to eu-west-1 ...\n"
        f"The template needs the parameter KeyArn, and the stack {aws.name} has no output of that name. Deploy this "
        "repository's template.yaml first.\n"
    )


def test_resource_fails(stack, aws, write):
    """If a stack cannot be created, CloudFormation's reason is printed, and the next attempt is possible."""
    taken = f"{aws.name}-content-123456789012-eu-west-1"
    write(Resources={"First": BUCKET, "Second": {**BUCKET, "DependsOn": "First"}}, Outputs={})
    status, _, stderr = stack("deploy-region", "eu-west-1")
    first, reason = stderr.splitlines()[-2:]
    assert (status, first) == (1, f"The stack {aws.name}-content was not deployed. Its status is DELETE_COMPLETE:")
    assert reason.startswith("  Second (AWS::S3::Bucket): ")
    assert taken in reason
    write()
    assert stack("deploy-region", "eu-west-1").status == 0


def test_no_edge_stack(stack):
    """Without the edge stack, the command fails."""
    assert stack("--stack-name", "none", "deploy-region", "eu-west-1").stderr.startswith(
        "Deploying none-content to eu-west-1 ...\n"
        "There is no stack none in us-east-1. Deploy it with `sam build && sam deploy`, name another stack with"
    )
