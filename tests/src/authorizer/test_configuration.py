"""The function finds its users table in the policy of its own role. The AWS is moto's."""

import pytest

from edge.configuration import UnavailableError, arns_in

ALICE = "alice:secret"


def unavailable(cause: str) -> dict[str, object]:
    """The log line of a 503."""
    request_id = "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
    return {"request_id": request_id, "decision": "unavailable", "status": 503, "cause": cause, "username": ""}


def statement(resource: object, sid: str = "UsersTable") -> dict[str, object]:
    return {"Sid": sid, "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": resource}


@pytest.fixture
def table(role, phc):
    """Creates a table in a Region. Only a table that the policy names lets alice in."""

    def table(region: str = "us-east-1", accepting: str = "secret") -> str:
        return role.table({"alice": {"password": {"S": phc(accepting)}}}, region)

    return table


@pytest.mark.parametrize(
    "statements",
    [
        lambda arn: statement(arn),
        lambda arn: [statement("*", "Logs"), statement([arn])],
        lambda arn: [statement([f"{arn}/index/*", f"{arn}*", arn])],
    ],
    ids=["a lone statement", "among others, in a list", "with an index and a pattern"],
)
def test_the_statement_names_the_table(role, table, as_function, call, viewer_request, statements):
    """The function reads the table in the Resource of the statement, in each form that IAM allows."""
    role.policy(statements(table()))
    role.policy(statement("arn:aws:dynamodb:us-east-1:123456789012:table/other"), name="other")
    as_function(role.environment())
    answer, _ = call(viewer_request(ALICE))
    assert "status" not in answer


@pytest.mark.parametrize(
    ("here", "chosen"),
    [
        ("eu-west-1", "eu-west-1"),
        ("eu-north-1", "eu-west-1"),
        ("ap-southeast-2", "ap-northeast-1"),
        ("sa-east-1", "eu-west-1"),
    ],
)
def test_the_nearest_replica(role, table, as_function, call, viewer_request, here: str, chosen: str):
    """The function reads the replica in its own Region, or else on its continent, or else the first."""
    regions = ["us-west-2", "eu-west-1", "ap-northeast-1"]
    role.policy(statement([table(region, "secret" if region == chosen else "other") for region in regions]))
    as_function(role.environment(here))
    answer, _ = call(viewer_request(ALICE))
    assert "status" not in answer


def test_no_policy(role, as_function, call, viewer_request):
    """Without the policy, the answer is 503 and the log names the missing policy."""
    as_function(role.environment())
    answer, line = call(viewer_request(ALICE))
    assert answer == {
        "status": "503",
        "statusDescription": "Service Unavailable",
        "headers": {
            "retry-after": [{"key": "Retry-After", "value": "5"}],
            "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
            "content-type": [{"key": "Content-Type", "value": "text/plain; charset=utf-8"}],
        },
        "body": "Signing in is not possible at the moment. Please try again.\n",
        "bodyEncoding": "text",
    }
    assert line == unavailable("iam GetRolePolicy: NoSuchEntity (HTTP 404)")


def test_no_statement(role, table, as_function, call, viewer_request):
    """Without the statement, the answer is 503 and the log names the Sid and the policy."""
    role.policy([statement(table(), "Users"), statement("*", "Logs")])
    as_function(role.environment())
    answer, line = call(viewer_request(ALICE))
    assert answer["status"] == "503"
    assert line == unavailable("configuration: policy configuration has no statement with the Sid UsersTable")


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        ["arn:aws:s3:::users"],
        "arn:aws:dynamodb:*:123456789012:table/users",
        "arn:aws:dynamodb:us-east-1:123456789012:table/users/index/*",
    ],
)
def test_no_table(role, as_function, call, viewer_request, resource: object):
    """If the statement names no table, the answer is 503 and the log names the statement."""
    role.policy(statement(resource))
    as_function(role.environment())
    answer, line = call(viewer_request(ALICE))
    assert answer["status"] == "503"
    assert line == unavailable(
        "configuration: statement UsersTable of policy configuration names no table in its Resource"
    )


def test_table_missing(role, as_function, call, viewer_request):
    """If the table does not exist, the answer is 503."""
    role.policy(statement("arn:aws:dynamodb:us-east-1:123456789012:table/missing"))
    as_function(role.environment())
    answer, line = call(viewer_request(ALICE))
    assert answer["status"] == "503"
    assert line == unavailable("dynamodb GetItem: ResourceNotFoundException (HTTP 400)")


def test_no_role(role, as_function, call, viewer_request):
    """With credentials of a person, as under `sam local invoke`, the answer is 503 and the log has the reason."""
    as_function({**role.environment(), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"})
    answer, line = call(viewer_request(ALICE))
    assert answer["status"] == "503"
    assert line == unavailable(
        "configuration: this function runs as 'arn:aws:sts::123456789012:user/moto', which is not a role"
    )


@pytest.mark.parametrize(
    "policy",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b'{"Version": "2012-10-17"}',
        b'{"Statement": ["x"]}',
        b'{"Statement": [{"Sid": "UsersTable", "Resource": [5]}]}',
        b"[" * 100_000,
    ],
)
def test_malformed_policy(policy: bytes):
    """A malformed policy raises UnavailableError, which says so."""
    with pytest.raises(UnavailableError, match="policy configuration is malformed"):
        arns_in(policy, "UsersTable", "table")
