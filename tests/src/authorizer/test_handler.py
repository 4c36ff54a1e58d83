"""The handler's complete results and log lines, with users in moto's AWS."""

import hashlib
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from authorizer.handler import handler

ID = "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
UNAUTHORIZED = {
    "status": "401",
    "statusDescription": "Unauthorized",
    "headers": {
        "www-authenticate": [
            {"key": "WWW-Authenticate", "value": 'Basic realm="d111111abcdef8.cloudfront.net", charset="UTF-8"'}
        ],
        "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
        "content-type": [{"key": "Content-Type", "value": "text/plain; charset=utf-8"}],
    },
    "body": "Please sign in.\n",
    "bodyEncoding": "text",
}


def refused(cause: str, username: str = "") -> dict[str, object]:
    """The log line of a 401."""
    return {"request_id": ID, "decision": "refused", "status": 401, "cause": cause, "username": username}


def test_verified(deploy, call, viewer_request, phc):
    """The request of a user goes on. It has the user's name in place of the credentials, and no other change."""
    deploy({"alice": {"password": {"S": phc("secret")}}})
    expected = viewer_request(**{"Accept": "text/html", "X-Authenticated-User": "alice"})["Records"][0]["cf"]["request"]
    assert call(viewer_request("alice:secret", Accept="text/html")) == (
        expected,
        {"request_id": ID, "decision": "allowed", "status": 200, "cause": "password verified", "username": "alice"},
    )


@pytest.mark.parametrize(
    "name", ["X-Authenticated-User", "x-authenticated-user", "X_Authenticated_User", "X-Authenticated_User"]
)
def test_viewers_do_not_say_who_they_are(deploy, call, viewer_request, phc, name: str):
    """The viewer's own X-Authenticated-User is removed, also in spellings that a server may confuse with it."""
    deploy({"alice": {"password": {"S": phc("secret")}}})
    answer, _ = call(viewer_request("alice:secret", **{name: "root"}))
    expected = viewer_request(**{"X-Authenticated-User": "alice"})["Records"][0]["cf"]["request"]
    assert answer == expected


@pytest.mark.parametrize(
    ("username", "header"),
    [("zoë", "zo%C3%AB"), ("alice@example.org", "alice%40example.org"), ("a, b%", "a%2C%20b%25"), ("\u0085", "%C2%85")],
)
def test_names_of_any_characters(deploy, call, viewer_request, phc, username: str, header: str):
    """The header has the percent-encoded user name, so any name is one header with one value."""
    deploy({username: {"password": {"S": phc("secret")}}})
    answer, _ = call(viewer_request(f"{username}:secret"))
    assert answer["headers"]["x-authenticated-user"] == [{"key": "X-Authenticated-User", "value": header}]


def test_wrong_password(deploy, call, viewer_request, phc):
    """A wrong password is a 401, and the log does not name the user."""
    deploy({"alice": {"password": {"S": phc("secret")}}})
    assert call(viewer_request("alice:Secret")) == (UNAUTHORIZED, refused("wrong password"))


def test_unknown_user(deploy, call, viewer_request):
    """An unknown user gets the same 401. The log has no user name, because it may be a password."""
    deploy({})
    assert call(viewer_request("my-password:")) == (UNAUTHORIZED, refused("no such user"))


@pytest.mark.parametrize(
    ("attributes", "cause"),
    [
        ({}, "the stored password is not a PHC string of scrypt"),
        ({"password": {"S": "secret"}}, "the stored password is not a PHC string of scrypt"),
        ({"password": {"N": "1"}}, "the stored password is not a PHC string of scrypt"),
        ({"password": {"M": {"S": {"S": "secret"}}}}, "the stored password is not a PHC string of scrypt"),
        ({"password": {"NULL": True}}, "the stored password is not a PHC string of scrypt"),
        (
            {"password": {"S": "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"}},
            "the stored password's scrypt parameters ask for too much time or memory",
        ),
    ],
)
def test_broken_item(deploy, call, viewer_request, attributes: dict[str, object], cause: str):
    """A user without a hash or with a broken one is refused, and the log names the user."""
    deploy({"alice": attributes})
    assert call(viewer_request("alice:secret")) == (UNAUTHORIZED, refused(cause, "alice"))


def scrypt_calls(call, event):
    """The parameters (ln, r, p) of each call of scrypt during a request."""
    hashes = []

    def profile(frame, event, function):
        if event == "c_call" and function.__name__ == "scrypt":
            hashes.append(tuple(frame.f_locals[name] for name in ("ln", "r", "p")))

    sys.setprofile(profile)
    try:
        call(event)
    finally:
        sys.setprofile(None)
    return hashes


@pytest.mark.parametrize(
    "stored", [None, "$scrypt$broken", "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"]
)
def test_unknown_users_cost_a_hash(deploy, call, viewer_request, stored: str | None):
    """For an unknown user or a broken hash, the function calls scrypt once, with the parameters of `users add`."""
    deploy({"alice": {"password": {"S": stored}}} if stored else {})
    assert scrypt_calls(call, viewer_request("alice:secret")) == [(14, 8, 5)]


@pytest.mark.parametrize(
    ("ln", "r", "p"), [(14, 8, 5), (14, 8, 1), (13, 8, 5), (13, 8, 3), (12, 8, 13), (10, 8, 1), (4, 1, 1), (14, 3, 4)]
)
def test_refusing_takes_the_same_work(deploy, call, viewer_request, ln: int, r: int, p: int):
    """A wrong password takes the work of an unknown user within 2 %, whatever the parameters of its hash."""
    salt = b"salt of 16 bytes"
    digest = hashlib.scrypt(b"secret", salt=salt, n=1 << ln, r=r, p=p, maxmem=1 << 27, dklen=32)
    encoded = "$".join(b64encode(part).decode().rstrip("=") for part in (salt, digest))
    deploy({"alice": {"password": {"S": f"$scrypt$ln={ln},r={r},p={p}${encoded}"}}})
    work = sum(r * p << ln for ln, r, p in scrypt_calls(call, viewer_request("alice:wrong")))
    assert work == pytest.approx(8 * 5 << 14, rel=0.02)


@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        ([], "no credentials"),
        (["Bearer c2VjcmV0"], "the scheme of Authorization is not Basic"),
        (["Basic YTpi", "Basic YTpi"], "more than one Authorization header"),
        (["Basic alice:secret"], "credentials are not base64"),
        (["Basic //8="], "credentials are not UTF-8"),
        (["Basic YWxpY2U="], "credentials contain no colon"),
        (["Basic YQA6Yg=="], "credentials contain a control character"),
        (["Basic YT\0pi"], "credentials are not base64"),
        (["Basic " + "YTpi" * 25_000], "Authorization is too long"),
    ],
)
def test_malformed(as_function, call, viewer_request, authorization: list[str], cause: str):
    """Unusable credentials are a 401 without a call of AWS, which here would fail."""
    as_function({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert call(viewer_request(authorization=authorization)) == (UNAUTHORIZED, refused(cause))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            lambda cf: cf["config"].update(eventType="origin-request"),
            "the event's type is origin-request, but this function is for viewer-request",
        ),
        (lambda cf: cf["config"].pop("distributionDomainName"), "no Records[0].cf.config.distributionDomainName"),
        (lambda cf: cf.pop("request"), "no Records[0].cf.request"),
    ],
)
def test_no_viewer_request(viewer_request, change, error: str):
    """An event of another type raises an error that names the reason."""
    event = viewer_request()
    change(event["Records"][0]["cf"])
    with pytest.raises(ValueError) as raised:
        handler(event, None)
    assert error in str(raised.value)


def run_as_lambda(program: str, **environment: str) -> list[str]:
    """The output of a program that imports the handler in Lambda's environment."""
    source = Path(sys.modules["authorizer.handler"].__file__).parents[1]
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "us-east-1"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=source,
        env={**keys, "AWS_LAMBDA_FUNCTION_NAME": "us-east-1.authorizer", **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


CONTEXT = """
class Context:
    get_remaining_time_in_millis = staticmethod(lambda: 5000)
"""


def test_refusing_waits_for_no_network(viewer_request, misbehaving_server):
    """A request without credentials gets its 401 at a cold start, even if AWS does not answer."""
    misbehaving_server.hang()
    program = f"""
import os
from authorizer.handler import handler
{CONTEXT}
print(handler({viewer_request()!r}, Context)["status"], flush=True)
os._exit(0)  # the thread that asks AWS goes on
"""
    assert run_as_lambda(program, AWS_ENDPOINT_URL=misbehaving_server.url)[-1] == "401"


def test_discovers_while_it_initializes(viewer_request, script, misbehaving_server):
    """In Lambda, the import starts the discovery of the table. The first request then only reads the user."""
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    program = f"""
from authorizer.handler import handler
{CONTEXT}
answer = handler({viewer_request("alice:secret")!r}, Context)
print(answer["headers"]["x-authenticated-user"][0]["value"])
"""
    assert run_as_lambda(program, AWS_ENDPOINT_URL=misbehaving_server.url)[-1] == "alice"
    assert script.operations() == ["GetCallerIdentity", "GetRolePolicy", "GetItem"]


@pytest.mark.parametrize("operation", ["GetCallerIdentity", "GetRolePolicy"])
def test_a_failure_while_it_initializes(viewer_request, script, misbehaving_server, operation: str):
    """If the discovery at import fails, the first request repeats it without a pause."""
    script.error("AccessDenied", 403, to=operation)
    script.well("GetCallerIdentity", "GetRolePolicy", "GetItem")
    program = f"""
from authorizer.handler import handler
{CONTEXT}
answer = handler({viewer_request("alice:secret")!r}, Context)
print(answer["headers"]["x-authenticated-user"][0]["value"])
"""
    assert run_as_lambda(program, AWS_ENDPOINT_URL=misbehaving_server.url)[-1] == "alice"


def test_asks_nobody_elsewhere(misbehaving_server):
    """Outside of Lambda, the import of the handler makes no call."""
    program = """
import sys
sys.addaudithook(lambda event, _: event.startswith("socket.") and sys.exit(event))
import authorizer.handler, time
time.sleep(0.1)
print("quiet")
"""
    environment = {"AWS_ENDPOINT_URL": misbehaving_server.url, "AWS_LAMBDA_FUNCTION_NAME": "x"}
    source = Path(sys.modules["authorizer.handler"].__file__).parents[1]
    del environment["AWS_LAMBDA_FUNCTION_NAME"]
    run = subprocess.run([sys.executable, "-c", program], cwd=source, env=environment, capture_output=True, text=True)
    assert (run.stdout, misbehaving_server.requests) == ("quiet\n", [])
