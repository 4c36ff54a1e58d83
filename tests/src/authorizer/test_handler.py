"""The handler's answers and log lines, whole, with users in moto's AWS."""

import subprocess
import sys
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
    """The request of a user goes on with the user's name in place of the credentials, and nothing else changed."""
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
    """What a viewer sends under the header's name is gone, also where a server behind would take it for that name."""
    deploy({"alice": {"password": {"S": phc("secret")}}})
    answer, _ = call(viewer_request("alice:secret", **{name: "root"}))
    expected = viewer_request(**{"X-Authenticated-User": "alice"})["Records"][0]["cf"]["request"]
    assert answer == expected


@pytest.mark.parametrize(
    ("username", "header"),
    [("zoë", "zo%C3%AB"), ("alice@example.org", "alice%40example.org"), ("a, b%", "a%2C%20b%25"), ("\u0085", "%C2%85")],
)
def test_names_of_any_characters(deploy, call, viewer_request, phc, username: str, header: str):
    """A name goes into the header percent-encoded, so that any name is one header's one value."""
    deploy({username: {"password": {"S": phc("secret")}}})
    answer, _ = call(viewer_request(f"{username}:secret"))
    assert answer["headers"]["x-authenticated-user"] == [{"key": "X-Authenticated-User", "value": header}]


def test_wrong_password(deploy, call, viewer_request, phc):
    """A wrong password is a 401, and the log does not tell whose."""
    deploy({"alice": {"password": {"S": phc("secret")}}})
    assert call(viewer_request("alice:Secret")) == (UNAUTHORIZED, refused("wrong password"))


def test_unknown_user(deploy, call, viewer_request):
    """An unknown user gets the same answer; the log does not repeat a name that may be a password."""
    deploy({})
    assert call(viewer_request("my-password:")) == (UNAUTHORIZED, refused("no such user"))


@pytest.mark.parametrize(
    ("attributes", "cause"),
    [
        ({}, "the stored password is no PHC string of scrypt"),
        ({"password": {"S": "secret"}}, "the stored password is no PHC string of scrypt"),
        ({"password": {"N": "1"}}, "the stored password is no PHC string of scrypt"),
        ({"password": {"M": {"S": {"S": "secret"}}}}, "the stored password is no PHC string of scrypt"),
        ({"password": {"NULL": True}}, "the stored password is no PHC string of scrypt"),
        (
            {"password": {"S": "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"}},
            "the stored password's scrypt parameters are beyond what this function can afford",
        ),
    ],
)
def test_broken_item(deploy, call, viewer_request, attributes: dict[str, object], cause: str):
    """A user whose item has no hash, or a broken one, is refused, and the log says which user it is."""
    deploy({"alice": attributes})
    assert call(viewer_request("alice:secret")) == (UNAUTHORIZED, refused(cause, "alice"))


@pytest.mark.parametrize("password", ["secret", "wrong", None, "$scrypt$broken"])
def test_the_same_work_for_everyone(deploy, call, viewer_request, password: str | None):
    """Known, unknown and broken users take one hash with the same parameters: time does not tell them apart."""
    from authorizer.passwords import hash_password

    stored = password and (password if password.startswith("$") else hash_password("secret"))
    deploy({"alice": {"password": {"S": stored}}} if stored else {})
    hashes = []

    def profile(frame, event, function):
        if event == "c_call" and function.__name__ == "scrypt":
            hashes.append({name: frame.f_locals[name] for name in ("ln", "r", "p", "length")})

    sys.setprofile(profile)
    try:
        call(viewer_request(f"alice:{password}"))
    finally:
        sys.setprofile(None)
    assert hashes == [{"ln": 14, "r": 8, "p": 1, "length": 32}]


@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        ([], "no credentials"),
        (["Bearer c2VjcmV0"], "Authorization is not of the Basic scheme"),
        (["Basic YTpi", "Basic YTpi"], "more than one Authorization header"),
        (["Basic alice:secret"], "credentials are not base64"),
        (["Basic //8="], "credentials are not UTF-8"),
        (["Basic YWxpY2U="], "credentials hold no colon"),
        (["Basic YQA6Yg=="], "credentials hold a control character"),
        (["Basic YT\0pi"], "credentials are not base64"),
        (["Basic " + "YTpi" * 25_000], "Authorization is too long"),
    ],
)
def test_malformed(as_function, call, viewer_request, authorization: list[str], cause: str):
    """No usable credentials: a 401 without asking AWS, which here would be unavailable."""
    as_function({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert call(viewer_request(authorization=authorization)) == (UNAUTHORIZED, refused(cause))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            lambda cf: cf["config"].update(eventType="origin-request"),
            "the event's type is origin-request where viewer-request was expected",
        ),
        (lambda cf: cf["config"].pop("distributionDomainName"), "no Records[0].cf.config.distributionDomainName"),
        (lambda cf: cf.pop("request"), "no Records[0].cf.request"),
    ],
)
def test_no_viewer_request(viewer_request, change, error: str):
    """An event that is none of ours is an error that says why, not an answer."""
    event = viewer_request()
    change(event["Records"][0]["cf"])
    with pytest.raises(ValueError) as raised:
        handler(event, None)
    assert error in str(raised.value)


def test_refusing_needs_no_network(viewer_request):
    """A cold 401 for a request without credentials imports no HTTP, no TLS and no hashing, and asks nobody."""
    program = f"""
import sys
sys.addaudithook(lambda event, _: event.startswith("socket.") and sys.exit(event))
from authorizer.handler import handler
class Context:
    get_remaining_time_in_millis = staticmethod(lambda: 5000)
assert handler({viewer_request()!r}, Context)["status"] == "401"
print(*sys.modules)
"""
    source = Path(sys.modules["authorizer.handler"].__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", program], cwd=source, capture_output=True, text=True, check=True)
    modules = set(run.stdout.splitlines()[-1].split())
    assert "authorizer.handler" in modules
    assert not modules & {"hashlib", "hmac", "http", "http.client", "socket", "ssl", "urllib.request", "xml", "typing"}
    assert not modules & {"edge.aws", "edge.http", "edge.sigv4", "authorizer.verifier", "authorizer.passwords"}
