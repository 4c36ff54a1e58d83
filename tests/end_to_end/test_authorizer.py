"""The first way through all the parts: viewer, distribution, authorizer, IAM, DynamoDB, bucket."""

import json
import time
import uuid
from pathlib import Path

import pytest
from cfnlint.decode import cfn_yaml

from tests.end_to_end.conftest import edited

SITE = Path(__file__).parents[2] / "site"


def test_without_credentials(running_stack):
    """Nobody enters without a password; the answer is the function's own, under CloudFront's headers."""
    answer = running_stack.get("/")
    domain_name = running_stack.client("cloudfront").get_distribution(Id=running_stack.description.distribution_id)[
        "Distribution"
    ]["DomainName"]
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == f'Basic realm="{domain_name}", charset="UTF-8"'
    assert answer.headers["x-cache"] == "LambdaGeneratedResponse from cloudfront"
    assert answer.headers["via"].endswith(".cloudfront.net (CloudFront)")
    assert answer.headers["x-amz-cf-pop"] == "IAD1-P1"
    assert len(answer.headers["x-amz-cf-id"]) == 56
    (line,) = running_stack.log(answer.headers["x-amz-cf-id"])
    assert (line["decision"], line["status"], line["cause"]) == ("refused", 401, "no credentials")


def test_page(running_stack):
    """With the demo user's password there is the page out of the bucket, from the cache when it has it."""
    answer = running_stack.get("/", user="demo:demo")
    assert (answer.status, answer.content) == (200, (SITE / "index.html").read_bytes())
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-cache"].partition(" ")[0] in ("Miss", "Hit", "RefreshHit")
    again = running_stack.get("/index.html", user="demo:demo")
    assert (again.status, again.body) == (200, answer.body)
    assert again.headers["x-cache"].partition(" ")[0] in ("Hit", "RefreshHit")


@pytest.mark.parametrize("user", ["demo:wrong", "nobody:demo", "demo:", ":demo"])
def test_wrong_password(running_stack, user):
    """A wrong password is refused, and so is a user who is not there, in the same words."""
    answer = running_stack.get("/", user=user)
    assert (answer.status, answer.body) == (401, running_stack.get("/").body)


def test_missing_page(running_stack):
    """S3 says that a page is missing, because the distribution may list the bucket."""
    assert running_stack.get("/none.html", user="demo:demo").status == 404


def test_method_not_allowed(running_stack):
    """What the behavior does not allow is refused before the authorizer runs."""
    answer = running_stack.get("/", user="demo:demo", method="DELETE")
    assert (answer.status, answer.headers["x-cache"]) == (403, "Error from cloudfront")


def test_users(running_stack):
    """Somebody who is added may enter at once."""
    assert running_stack.command("users", "add", "zoë", stdin="geheim:7\n").returncode == 0
    assert running_stack.command("users", "list").stdout == "demo\nzoë\n"
    assert running_stack.get("/", user="zoë:geheim:7").status == 200
    assert running_stack.command("users", "remove", "zoë").returncode == 0
    assert running_stack.command("users", "list").stdout == "demo\n"


def test_accounts_outlive_the_stack(running_stack):
    """Whoever deletes the stack, or moves it to another table, loses no user; a failed first deployment leaves none."""
    template = cfn_yaml.loads((running_stack.project.folder / "template.yaml").read_text())
    table = template["Resources"]["UsersTable"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


@pytest.fixture
def role(running_stack):
    """The authorizer's role, which gets its policy back afterwards."""
    role = Role(running_stack)
    yield role
    role.restore()


class Role:
    def __init__(self, running_stack):
        self._iam = running_stack.client("iam")
        self._policy = {"RoleName": running_stack.physical_id("AuthorizerRole"), "PolicyName": "configuration"}
        self._original = self._iam.get_role_policy(**self._policy)["PolicyDocument"]

    def change(self, change):
        """Puts the policy with other statements, made by `change` of the original ones."""
        document = {**self._original, "Statement": [*filter(None, map(change, self._original["Statement"]))]}
        self._iam.put_role_policy(**self._policy, PolicyDocument=json.dumps(document))

    def restore(self):
        self.change(lambda statement: statement)


def may_not_read(statement):
    return {**statement, "Action": "dynamodb:Query"} if statement["Sid"] == "UsersTable" else statement


def names_no_table(statement):
    return None if statement["Sid"] == "UsersTable" else statement


def names_another_table(statement):
    other = {**statement, "Resource": f"{statement['Resource']}-other"}
    return other if statement["Sid"] == "UsersTable" else statement


def _patient(running_stack, user):
    """The answer to a viewer who comes again when Retry-After says: a sandbox looks for its table every 5 s at most."""
    answer = running_stack.get("/", user=user)
    for _ in range(2):
        if "retry-after" not in answer.headers:
            break
        time.sleep(int(answer.headers["retry-after"]) + 1)
        answer = running_stack.get("/", user=user)
    return answer


@pytest.fixture
def newcomer(running_stack):
    """A user whom no process remembers: `name:password`. The password, and all that is stored of it, is demo's."""
    dynamodb, table = running_stack.client("dynamodb"), running_stack.output("UsersTableName")
    name = f"newcomer-{uuid.uuid4()}"
    stored = dynamodb.get_item(TableName=table, Key={"username": {"S": "demo"}})["Item"]
    dynamodb.put_item(TableName=table, Item={**stored, "username": {"S": name}})
    yield f"{name}:demo"
    dynamodb.delete_item(TableName=table, Key={"username": {"S": name}})


@pytest.mark.long
@pytest.mark.parametrize("change", [may_not_read, names_no_table, names_another_table])
def test_role_decides(running_stack, role, newcomer, change):
    """What lets people in is the role's own policy: without it the answer is 503, with it again it is 200."""
    role.change(change)
    refused = running_stack.get("/", user=newcomer)
    assert (refused.status, "retry-after" in refused.headers) == (503, True)
    role.restore()
    assert _patient(running_stack, newcomer).status == 200


def test_what_to_try(running_stack):
    """`make local` says how to enter."""
    url = running_stack.description.url
    lines = [line.strip().partition("  ")[0] for line in running_stack.project.output.splitlines()]
    begin = lines.index(f"curl -i {url}/")
    assert begin > lines.index("Try:")
    assert lines[begin : begin + 3] == [
        f"curl -i {url}/",
        f"curl -i -u demo:demo {url}/",
        f"curl -si -u demo:demo {url}/ | grep -i x-cache",
    ]


@pytest.mark.long
def test_edited_source(running_stack):
    """An edited source file is used by the next request."""
    source = running_stack.project.folder / "src" / "authorizer" / "handler.py"
    original = source.read_text()
    before = running_stack.get("/").body
    assert repr(before.rstrip("\n"))[1:-1] in original
    with edited(source, original.replace(before.rstrip("\n"), "Who are you?")):
        assert running_stack.get("/").body == before.replace(before.rstrip("\n"), "Who are you?")
    assert running_stack.get("/").body == before
