import json
from typing import Any


def change_set(aws: Any, **resources: Any) -> str:
    """The ARN of a change set that adds resources to the stack."""
    template = aws.cloudformation.get_template(StackName=aws.name)["TemplateBody"]
    template = {**template, "Resources": {**template["Resources"], **resources}}
    made = aws.cloudformation.create_change_set(
        StackName=aws.name,
        ChangeSetName="change",
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_IAM"],
    )
    waiter = aws.cloudformation.get_waiter("change_set_create_complete")
    waiter.wait(StackName=aws.name, ChangeSetName=made["Id"], WaiterConfig={"Delay": 1})
    return str(made["Id"])


def test_change(stack, aws):
    """The change set is executed, and the command waits for the end. A second time it is refused."""
    arn = change_set(aws, Topic={"Type": "AWS::SNS::Topic"})
    status, _, stderr = stack("execute", arn)
    assert (status, stderr.splitlines()[-1]) == (0, f"The change set of {aws.name} is deployed.")
    assert aws.status() == "UPDATE_COMPLETE"
    status, _, stderr = stack("execute", arn)
    assert status == 1
    assert stderr.endswith("Make a new one: sam deploy --no-execute-changeset\n")


def test_failure(stack, aws):
    """If CloudFormation rolls the change back, the command says so."""
    aws.client("s3").create_bucket(Bucket=f"{aws.name}-taken")
    arn = change_set(aws, Second={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"{aws.name}-taken"}})
    status, _, stderr = stack("execute", arn)
    assert status == 1
    assert f"The stack {aws.name} was not deployed. Its status is UPDATE_ROLLBACK_COMPLETE:" in stderr


def test_unknown(stack, aws):
    """A change set that is not there is refused, and one of another stack, too."""
    arn = f"arn:aws:cloudformation:us-east-1:123456789012:changeSet/samcli-deploy/{aws.name}"
    message = f"There is no change set {arn}. Make one: sam deploy --no-execute-changeset\n"
    assert stack("execute", arn) == (1, "", message)
    other = change_set(aws, Topic={"Type": "AWS::SNS::Topic"})
    message = f"This change set is for the stack {aws.name}, not for other.\n"
    assert stack("--stack-name", "other", "execute", other) == (1, "", message)
    assert aws.status() == "CREATE_COMPLETE"
