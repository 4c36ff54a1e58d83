"""`sign-in configure`, `rotate-keys` and `users add`, on template.yaml's own secret, pool and client."""

import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from tests.stack.edge.conftest import TEMPLATE

WHOLE = cfn_yaml.loads((Path(__file__).parents[3] / "template.yaml").read_text())
PREFIXES = ("SignIn", "Members")
RESOURCES = ("SignInSecret", "MembersPool", "MembersPoolDomain", "MembersClient")
NUMBERS = itertools.count(1)
OTHER = {"SignInIssuer": "https://login.example.org", "SignInClientId": "edge"}


class Deployed:
    """A stack that has sign-in, and `python -m stack` for it."""

    def __init__(self, aws, stack, parameters: dict[str, str]) -> None:
        self.client, self._stack, self.name = aws.client, stack, f"members{next(NUMBERS)}"
        template = {
            "Parameters": _named(WHOLE["Parameters"]),
            "Conditions": {name: WHOLE["Conditions"][name] for name in ("HasMembersPool", "HasClientSecret")},
            "Resources": TEMPLATE["Resources"] | {name: WHOLE["Resources"][name] for name in RESOURCES},
            "Outputs": TEMPLATE["Outputs"] | _named(WHOLE["Outputs"]),
        }
        aws.cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        aws.cloudformation.get_waiter("stack_create_complete").wait(StackName=self.name, WaiterConfig={"Delay": 0})
        (found,) = aws.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    def run(self, *arguments: str, stdin: str = "") -> Any:
        return self._stack("--stack-name", self.name, *arguments, stdin=stdin)

    @property
    def url(self) -> str:
        return self.outputs["Url"]

    @property
    def settings(self) -> dict[str, Any]:
        """What is in the secret."""
        found = self.client("secretsmanager").get_secret_value(SecretId=self.outputs["SignInSecretArn"])
        settings: dict[str, Any] = json.loads(found["SecretString"])
        return settings

    @property
    def pool_client(self) -> dict[str, Any]:
        """The pool's client."""
        names = {"UserPoolId": self.outputs["MembersPoolId"], "ClientId": self.outputs["SignInClientId"]}
        found: dict[str, Any] = self.client("cognito-idp").describe_user_pool_client(**names)["UserPoolClient"]
        return found


def _named(section: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in section.items() if name.startswith(PREFIXES)}


@pytest.fixture
def members(aws, stack) -> Deployed:
    """A stack with a user pool of its own."""
    return Deployed(aws, stack, {})


@pytest.fixture
def elsewhere(aws, stack) -> Deployed:
    """A stack whose provider is another one."""
    secret = aws.client("secretsmanager").create_secret(Name=f"client{next(NUMBERS)}", SecretString="of the client")
    return Deployed(aws, stack, OTHER | {"SignInClientSecretArn": secret["ARN"]})


def test_new_stack(members):
    """A new stack has a session key and no more, and `urls` says what to run."""
    assert list(members.settings) == ["session_key"]
    advice = f"Configure it: python -m stack --stack-name {members.name} sign-in configure"
    assert advice in members.run("urls").stderr


def test_configure(members):
    """The secret gets what sign-in needs, and the client the addresses that browsers come back to."""
    before, kept = members.settings, members.pool_client
    done = members.run("sign-in", "configure")
    assert (done.status, done.stderr) == (0, "")
    assert f"{members.url}/members/" in done.stdout
    host = members.url.removeprefix("https://")
    assert members.settings == {
        **before,
        "issuer": members.outputs["SignInIssuer"],
        "client_id": members.outputs["SignInClientId"],
        "client_secret": kept["ClientSecret"],
        "addresses": {host: members.url},
    }
    changed = {"CallbackURLs": [f"{members.url}/members/callback"], "LogoutURLs": [f"{members.url}/members/signed-out"]}
    ignored = ("LastModifiedDate",)
    assert {k: v for k, v in members.pool_client.items() if k not in ignored} == {
        k: v for k, v in (kept | changed).items() if k not in ignored
    }
    assert "Nobody can sign in" not in members.run("urls").stderr


def test_configure_again(members):
    """Chosen settings stay until they are chosen anew, and the key stays; further addresses are registered, too."""
    claims = {"/members/staff": {"cognito:groups": "staff"}}
    members.run("sign-in", "configure", "--set", f"required_claims={json.dumps(claims)}", "--set", "scopes=openid")
    key = members.settings["session_key"]
    done = members.run("sign-in", "configure", "--address", "https://a.example.org", "--set", "session_minutes=30")
    assert done.status == 0
    found = members.settings
    assert (found["required_claims"], found["scopes"], found["session_minutes"]) == (claims, "openid", 30)
    assert found["session_key"] == key
    assert found["addresses"]["a.example.org"] == "https://a.example.org"
    assert "https://a.example.org/members/callback" in members.pool_client["CallbackURLs"]


def test_setting_given_twice(members):
    """A setting that is named twice changes nothing: which one is meant?"""
    before = members.settings
    done = members.run("sign-in", "configure", "--set=scopes=openid", "--set=scopes=openid email")
    assert done == (1, "", "--set names scopes twice. Give each name once. Nothing was changed.\n")
    assert members.settings == before


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--set=session_minutes=0", "session_minutes is not a whole number"),
        ("--set=scopes=email", "scopes lacks openid"),
        ("--set=client_id=x", "--set takes NAME=JSON"),
        ("--set=scopes", "--set takes NAME=JSON"),
        ("--address=http://a.example.org", "addresses has an item"),
    ],
)
def test_refused(members, option, told):
    """Settings that sign-in would not take change nothing."""
    before = members.settings
    done = members.run("sign-in", "configure", option)
    assert (done.status, told in done.stderr, "Nothing was changed." in done.stderr) == (1, True, True), done.stderr
    assert members.settings == before


def test_another_provider(elsewhere):
    """With another provider, its secret is copied, and the command says which addresses to register there."""
    assert "MembersPoolId" not in elsewhere.outputs
    done = elsewhere.run("sign-in", "configure")
    assert (elsewhere.settings["issuer"], elsewhere.settings["client_id"]) == tuple(OTHER.values())
    assert elsewhere.settings["client_secret"] == "of the client"
    assert done.stderr.splitlines()[1:] == [
        f"  {elsewhere.url}/members/callback",
        f"  {elsewhere.url}/members/signed-out",
    ]
    assert "of the client" not in done.stdout + done.stderr
    added = elsewhere.run("sign-in", "users", "add", "ada", stdin="x\n")
    assert (added.status, "Add users at the provider" in added.stderr) == (1, True)


def test_rotate(members, monkeypatch):
    """First every function learns the new key, then it signs. The old key still verifies."""
    members.run("sign-in", "configure")
    old = members.settings["session_key"]
    meanwhile = []
    monkeypatch.setattr(time, "sleep", lambda seconds: meanwhile.append((seconds, members.settings)))
    assert members.run("sign-in", "rotate-keys").status == 0
    ((seconds, between),) = meanwhile
    new = members.settings["session_key"]
    assert seconds > 300
    assert (between["session_key"], between["previous_session_key"]) == (old, new)
    assert members.settings["previous_session_key"] == old
    assert len(new) >= 32


@pytest.mark.parametrize("options", [(), ("--at-once",)])
def test_rotate_too_early(members, options):
    """Before sign-in is configured, there is nothing to rotate, and the command says what to run."""
    before = members.settings
    done = members.run("sign-in", "rotate-keys", *options)
    assert (done.status, "sign-in configure" in done.stderr) == (1, True), done.stderr
    assert members.settings == before


def test_rotate_at_once(members):
    """After a leak, no known key verifies any more."""
    members.run("sign-in", "configure")
    old = members.settings["session_key"]
    done = members.run("sign-in", "rotate-keys", "--at-once")
    assert (done.status, done.stdout) == (0, "")
    assert "All sessions" in done.stderr
    assert members.settings["session_key"] != old
    assert members.settings["previous_session_key"] == ""


def test_add(members):
    """The user signs in with the password from the start, by name or address, as a member of the groups."""
    cognito, pool = members.client("cognito-idp"), members.outputs["MembersPoolId"]
    options = ("--email", "ada@example.org", "--group", "staff", "--group", "press")
    assert members.run("sign-in", "users", "add", "ada", *options, stdin="correct-horse\n").status == 0
    user = cognito.admin_get_user(UserPoolId=pool, Username="ada")
    attributes = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
    assert (user["UserStatus"], attributes["email"], attributes["email_verified"]) == (
        "CONFIRMED",
        "ada@example.org",
        "true",
    )
    groups = cognito.admin_list_groups_for_user(UserPoolId=pool, Username="ada")["Groups"]
    assert {each["GroupName"] for each in groups} == {"staff", "press"}


def test_add_twice(members):
    """An existing user is left alone without --replace."""
    assert members.run("sign-in", "users", "add", "ada", stdin="correct-horse\n").status == 0
    again = members.run("sign-in", "users", "add", "ada", stdin="another-horse\n")
    assert (again.status, "add --replace" in again.stderr) == (1, True)
    assert members.run("sign-in", "users", "add", "ada", "--replace", stdin="another-horse\n").status == 0


def test_short_password(members):
    """The pool refuses a short password, and there is no user."""
    done = members.run("sign-in", "users", "add", "ada", stdin="short\n")
    assert (done.status, "12 characters" in done.stderr, "short\n" in done.stderr) == (1, True, False)
    assert members.client("cognito-idp").list_users(UserPoolId=members.outputs["MembersPoolId"])["Users"] == []


def test_generated_password(members):
    """A generated password is all that standard output has."""
    done = members.run("sign-in", "users", "add", "ada", "--generate")
    assert (done.status, len(done.stdout.strip())) == (0, 20)
