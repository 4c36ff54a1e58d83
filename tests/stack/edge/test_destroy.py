import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stack import buckets

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def stack(stack):
    """The commands. The list of things that are never deleted is cut, because other commands add to it."""
    listed = re.compile(r"^(This command never deletes ).*?\.\n", re.DOTALL | re.MULTILINE)

    def run(*arguments, **options):
        result = stack(*arguments, **options)
        return result._replace(stderr=listed.sub(r"\1...\n", result.stderr))

    return run


@pytest.fixture
def said(aws):
    """The text before anything is deleted."""

    def said(*full: str) -> str:
        return (
            f"The deletion of the stack {aws.name} in us-east-1 has these steps:\n"
            f"- {aws.distribution} is disabled and serves nothing; its functions are removed (5 to 15 minutes)\n"
            + "".join(f"- all objects in the bucket {bucket} are deleted permanently\n" for bucket in full)
            + "- CloudFormation deletes all resources that it can\n"
            "- edge functions are deleted after CloudFront has removed their replicas, which may take hours\n"
            "- these resources remain, because the template retains them: Users\n"
            "This command never deletes ...\n"
        )

    return said


@pytest.fixture
def done(aws):
    """The text about the distribution, on a stack whose functions are attached."""
    return (
        f"Removing the functions from {aws.distribution} ...\n"
        f"{aws.distribution} is disabled and has no functions any more.\n"
    )


def is_update(request) -> bool:
    return request.method == "PUT" and "/distribution/" in request.path


@pytest.fixture
def changes(aws, proxy) -> list[str]:
    """The changes that the command asks AWS for, in order."""
    asked = []

    def note(request):
        if is_update(request):
            config = request.body.decode()
            detached = "<LambdaFunctionARN>" not in config and "<Enabled>false</Enabled>" in config
            asked.append("detach and disable" if detached else "update")
        elif request.action == "DeleteStack":
            asked.append("delete the stack")
        elif request.method == "POST" and request.path.endswith("?delete"):
            asked.append("delete objects")
        elif request.method == "DELETE":
            name = request.path.rpartition("/")[2]
            asked.append(f"delete {next(key for key, value in aws.physical_ids.items() if value == name)}")

    proxy.instead.append(note)
    return asked


def test_destroy(stack, aws, changes, said, done):
    """One update removes the functions and disables the distribution. Then the stack is deleted. The table remains."""
    status, stdout, stderr = stack("destroy", "--yes")
    assert (status, stdout, stderr.replace("CloudFormation: DELETE_IN_PROGRESS ...\n", "")) == (
        0,
        f"The template retains Users (AWS::DynamoDB::Table {aws.physical_ids['Users']}).\n",
        f"{said()}{done}Deleting {aws.name} ...\nThe stack {aws.name} is deleted.\n",
    )
    assert changes == ["detach and disable", "delete the stack"]
    assert (aws.status(), aws.functions()) == ("DELETE_COMPLETE", set())
    assert aws.client("dynamodb").describe_table(TableName=aws.physical_ids["Users"])


def test_again(stack, aws, changes):
    """The second time, there is nothing to delete."""
    stack("destroy", "--yes")
    changes.clear()
    assert stack("destroy", "--yes") == (0, "", f"There is no stack {aws.name} in us-east-1: nothing to delete.\n")
    assert changes == []


def test_confirmed(stack, aws):
    """The stack's name confirms the deletion."""
    assert stack("destroy", stdin=f"{aws.name}\n").status == 0
    assert aws.status() == "DELETE_COMPLETE"


@pytest.mark.parametrize("answer", ["yes\n", "\n", ""])
def test_not_confirmed(stack, aws, changes, said, answer):
    """Any other answer changes nothing."""
    assert stack("destroy", stdin=answer) == (
        1,
        "",
        f"{said()}Type the stack's name to continue ({aws.name}): That is not the stack's name. Nothing was changed. "
        "To skip this question, add --yes.\n",
    )
    assert (changes, aws.status()) == ([], "CREATE_COMPLETE")


def test_full_bucket(stack, aws, changes):
    """Without --empty-buckets, a bucket with objects stops the command before any change."""
    bucket = aws.outputs["SiteBucketName"]
    aws.client("s3").put_object(Bucket=bucket, Key="index.html", Body=b"")
    assert stack("destroy", "--yes") == (
        1,
        "",
        f"There are objects in {bucket}, and CloudFormation deletes only empty buckets. Nothing was changed. To delete "
        "the objects permanently as well, add --empty-buckets.\n",
    )
    assert changes == []


def test_empty_buckets(stack, aws, changes, said, done, monkeypatch):
    """With --empty-buckets, all versions and delete markers are deleted after the distribution is disabled."""
    monkeypatch.setattr(buckets, "MAX_DELETED_AT_ONCE", 3)
    s3, bucket = aws.client("s3"), aws.outputs["SiteBucketName"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for number in range(4):
        s3.put_object(Bucket=bucket, Key="index.html", Body=str(number).encode())
    s3.delete_object(Bucket=bucket, Key="index.html")
    status, _, stderr = stack("destroy", "--yes", "--empty-buckets")
    assert (status, stderr.partition("Deleting")[0]) == (0, f"{said(bucket)}{done}Emptied {bucket}.\n")
    assert changes == ["detach and disable", "delete objects", "delete objects", "delete the stack"]


def test_kept_bucket(stack, aws):
    """A bucket that the template retains keeps its objects."""
    bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": f"{aws.name}-kept"}}
    aws.cloudformation.create_stack(StackName="keeper", TemplateBody=json.dumps({"Resources": {"Bucket": bucket}}))
    aws.client("s3").put_object(Bucket=f"{aws.name}-kept", Key="index.html", Body=b"")
    assert stack("--stack-name", "keeper", "destroy", "--yes")[:2] == (
        0,
        f"The template retains Bucket (AWS::S3::Bucket {aws.name}-kept).\n",
    )
    assert aws.client("s3").head_object(Bucket=f"{aws.name}-kept", Key="index.html")


def test_await_deployed(stack, aws, proxy, changes, said):
    """The stack is deleted after CloudFront has deployed the change. A line says that the command waits."""
    looks = []

    def spreading(request, body):
        if request.method == "GET" and "/distribution/" in request.path and "detach and disable" in changes:
            looks.append(list(changes))
            return body.replace("<Status>Deployed<", "<Status>InProgress<") if len(looks) < 4 else body
        return body

    proxy.after.append(spreading)
    status, _, stderr = stack("destroy", "--yes")
    assert (status, looks) == (0, [["detach and disable"]] * 4)
    assert stderr.removeprefix(said()).splitlines()[:3] == [
        f"Removing the functions from {aws.distribution} ...",
        f"CloudFront is removing the functions from {aws.distribution}, which takes 5 to 15 minutes ...",
        f"{aws.distribution} is disabled and has no functions any more.",
    ]


def test_detached_before(stack, aws, changes):
    """A disabled distribution without functions is not updated again."""
    config = aws.cloudfront.get_distribution_config(Id=aws.distribution)
    config["DistributionConfig"] |= {"Enabled": False, "CacheBehaviors": {"Quantity": 0}}
    config["DistributionConfig"]["DefaultCacheBehavior"]["LambdaFunctionAssociations"] = {"Quantity": 0}
    aws.cloudfront.update_distribution(
        Id=aws.distribution, IfMatch=config["ETag"], DistributionConfig=config["DistributionConfig"]
    )
    assert stack("destroy", "--yes").status == 0
    assert changes == ["delete the stack"]


class Replication:
    """Imitates AWS where ministack differs.

    Lambda does not delete a function with replicas, and CloudFormation then fails. Each of `functions` has the number
    of the attempt that succeeds.
    """

    def __init__(self, aws, proxy, functions: dict[str, int]) -> None:
        self._aws = aws
        self._left = dict(functions)
        self._failed = False
        proxy.instead.append(self._instead)
        proxy.after.append(self._after)

    def end(self) -> None:
        self._left.clear()

    def _words(self, name: str) -> str:
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{self._aws.physical_ids[name]}:1"
        return (
            f"Lambda was unable to delete {arn} because it is a replicated function. Please see our documentation for "
            "Deleting Lambda@Edge Functions and Replicas."
        )

    def _instead(self, request):
        if request.action == "DeleteStack" and self._left:
            self._failed = True
            return 200, {}, b"<DeleteStackResponse/>"
        if request.action == "DeleteStack":
            self._failed = False
        if request.action == "DescribeStackEvents" and self._failed:
            return 200, {}, self._events().encode()
        if request.method == "DELETE":
            return self._refusal(request.path.rpartition("/")[2])
        return None

    def _refusal(self, physical_id: str):
        for name in [name for name in self._left if self._aws.physical_ids[name] == physical_id]:
            self._left[name] -= 1
            if self._left[name] <= 0:
                del self._left[name]
                return None
            body = json.dumps({"Type": "User", "Message": self._words(name)})
            return 400, {"x-amzn-ErrorType": "InvalidParameterValueException"}, body.encode()
        return None

    def _events(self) -> str:
        stack = (self._aws.name, self._aws.id, "AWS::CloudFormation::Stack")
        functions = [(name, self._aws.physical_ids[name], "AWS::Lambda::Function") for name in self._left]
        events = [(*stack, "DELETE_IN_PROGRESS", "User Initiated")]
        events += [(*function, "DELETE_FAILED", self._words(function[0])) for function in functions]
        events += [(*stack, "DELETE_FAILED", "The following resource(s) failed to delete")]
        names = ("LogicalResourceId", "PhysicalResourceId", "ResourceType", "ResourceStatus", "ResourceStatusReason")
        members = [
            "".join(f"<{name}>{value}</{name}>" for name, value in zip(names, event, strict=True))
            for event in reversed(events)
        ]
        listed = "".join(f"<member>{member}</member>" for member in members)
        result = f"<DescribeStackEventsResult><StackEvents>{listed}</StackEvents></DescribeStackEventsResult>"
        return f"<DescribeStackEventsResponse>{result}</DescribeStackEventsResponse>"

    def _after(self, request, body):
        if request.action == "DescribeStacks" and self._failed:
            return re.sub("<StackStatus>[A-Z_]+<", "<StackStatus>DELETE_FAILED<", body)
        return body


def test_replicated(stack, aws, proxy, changes):
    """The message names functions with replicas, and the command to run later. That command deletes the rest."""
    replication = Replication(aws, proxy, {"AuthorizerFunction": 100, "SignerFunction": 1})
    status, stdout, stderr = stack("destroy", "--yes", "--wait", "0s")
    assert (status, stdout) == (1, "")
    assert stderr.splitlines()[-1] == (
        f"The stack {aws.name} is deleted except for AuthorizerFunction and the resources that these depend on, "
        "because CloudFront has not removed their replicas yet. They serve nothing and cost nothing. Run this again in "
        "an hour, or tomorrow: python -m stack destroy"
    )
    assert changes == [
        "detach and disable",
        "delete the stack",
        "delete AuthorizerFunction",
        "delete SignerFunction",
    ]
    changes.clear()
    replication.end()
    assert stack("destroy", "--yes", "--wait", "0s").status == 0
    assert (changes, aws.status()) == (["delete the stack"], "DELETE_COMPLETE")


def test_replicas_go(stack, aws, proxy, changes):
    """The command deletes each function as soon as its replicas are gone, and then the stack."""
    Replication(aws, proxy, {"AuthorizerFunction": 3, "SignerFunction": 2})
    status, _, stderr = stack("destroy", "--yes", "--wait", "1h")
    assert (status, aws.status(), aws.functions()) == (0, "DELETE_COMPLETE", set())
    assert changes[2:] == [
        *("delete AuthorizerFunction", "delete SignerFunction"),
        *("delete AuthorizerFunction", "delete SignerFunction"),
        "delete AuthorizerFunction",
        "delete the stack",
    ]
    assert [line for line in stderr.splitlines() if "replicas of" in line] == [
        f"CloudFront is removing the replicas of {names}, usually within hours; Ctrl-C stops waiting ..."
        for names in ("AuthorizerFunction, SignerFunction", "AuthorizerFunction")
    ]


def test_other_failure(stack, aws, proxy):
    """A resource that CloudFormation cannot delete for another reason is listed with the reason."""
    replication = Replication(aws, proxy, {"SignerFunction": 100})
    replication._words = lambda _: "User: ada is not authorized to perform: lambda:DeleteFunction"
    status, _, stderr = stack("destroy", "--yes")
    assert status == 1
    assert stderr.splitlines()[-2:] == [
        f"CloudFormation could not delete all of {aws.name}:",
        "  SignerFunction (AWS::Lambda::Function): User: ada is not authorized to perform: lambda:DeleteFunction",
    ]


def test_protected(stack, aws, changes):
    """A stack with termination protection is not deleted."""
    aws.cloudformation.update_termination_protection(StackName=aws.name, EnableTerminationProtection=True)
    assert stack("destroy", "--yes").stderr == (
        f"The stack {aws.name} is protected from deletion. Turn its termination protection off.\n"
    )
    assert changes == []


def test_being_changed(stack, aws, proxy, changes):
    """During another operation, nothing is deleted."""
    proxy.after.append(lambda _, body: body.replace(">CREATE_COMPLETE<", ">UPDATE_IN_PROGRESS<"))
    assert stack("destroy", "--yes").stderr == (
        f"Another operation on the stack {aws.name} is in progress (UPDATE_IN_PROGRESS). Wait until it ends.\n"
    )
    assert changes == []


def test_being_deleted(stack, aws, proxy, changes):
    """If a deletion is in progress, the command waits for it without a question."""
    looks = []

    def deleting(request, body):
        looks.append(request.action)
        return body.replace(">CREATE_COMPLETE<", ">DELETE_IN_PROGRESS<") if looks == ["DescribeStacks"] else body

    proxy.after.append(deleting)
    assert stack("destroy").status == 0
    assert (changes, aws.status()) == (["delete the stack"], "DELETE_COMPLETE")


def test_deleted_behind_its_back(stack, aws):
    """A distribution that was deleted without CloudFormation is ignored."""
    config = aws.cloudfront.get_distribution_config(Id=aws.distribution)
    config["DistributionConfig"]["Enabled"] = False
    etag = aws.cloudfront.update_distribution(
        Id=aws.distribution, IfMatch=config["ETag"], DistributionConfig=config["DistributionConfig"]
    )["ETag"]
    aws.cloudfront.delete_distribution(Id=aws.distribution, IfMatch=etag)
    aws.client("s3").delete_bucket(Bucket=aws.outputs["SiteBucketName"])
    assert stack("destroy", "--yes").status == 0


def test_denied(stack, aws, proxy):
    """A refused operation is named with AWS's message."""
    words = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: cloudfront:UpdateDistribution"
    denied = f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{words}</Message></Error></ErrorResponse>"
    proxy.instead.append(lambda request: (403, {}, denied.encode()) if is_update(request) else None)
    assert stack("destroy", "--yes").stderr.splitlines()[-1] == (
        f"You have no permission for this on the stack {aws.name} (UpdateDistribution: {words}). Ask for the "
        "permission, or sign in with a role that has it."
    )


def test_interrupted(aws, proxy):
    """After Ctrl-C, a line names the command that continues."""
    proxy.after.append(lambda _, body: body.replace("<Status>Deployed<", "<Status>InProgress<"))
    process = subprocess.Popen(
        [sys.executable, "-m", "stack", "--stack-name", aws.name, "destroy", "--yes"],
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local"},
        stderr=subprocess.PIPE,
        text=True,
    )
    while "which takes 5 to 15 minutes" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert (
        process.stderr.read()
        == f"\nStopped waiting. To continue, run python -m stack --stack-name {aws.name} destroy\n"
    )
    assert process.wait() == 130
    process.stderr.close()
