"""Sign-in in a sandbox of its own, with an AWS that answers as a test says, and a provider that signs what it says."""

import json
import random
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

import sign_in.handler
from cloudfront_local.testing.plugin import Context, Edge
from sign_in import session
from sign_in.settings import Settings
from tests.src.sign_in.confidential import told

DISTRIBUTION = "EDFDVBD6EXAMPLE"
HOST = "www.example.org"
ADDRESS = f"https://{HOST}"
REQUEST_ID = "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="
PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SESSION = "__Host-sign-in"
# None of them may be in a log line, in an answer, or in a request that goes on. The second is the client's secret as
# the token endpoint gets it; "eyJ" begins every token, and every payload of a cookie.
SECRETS = (
    "secret-of-the-client",
    "ZWRnZTpzZWNyZXQtb2Yt",
    "first-session-key",
    "second-session-key",
    "secret-code",
    "secret-of-the-role",
    "token-of-the-role",
    "eyJ",
)
# What the function calls of AWS, in this order.
OPERATIONS = ("GetCallerIdentity", "GetRolePolicy", "GetSecretValue")
KEY = "first-session-key-0123456789abcdefghij"
OTHER_KEY = "second-session-key-0123456789abcdefghi"


def encoded(octets: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(octets).decode().rstrip("=")


def number(value: int) -> str:
    """A Base64urlUInt."""
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Provider:
    """An OpenID provider on 127.0.0.1. `pages` are its answers by path: a status and a document."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self.key = key
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                provider.requests.append((self.path, headers, form))
                status, document = provider.pages.get(self.path, (404, {}))
                content = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _serve  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        public = key.public_key().public_numbers()
        self.jwk = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": "k1",
            "n": number(public.n),
            "e": number(public.e),
        }
        self.discovery: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
        }
        self.pages: dict[str, Any] = {
            "/.well-known/openid-configuration": (200, self.discovery),
            "/keys": (200, {"keys": [self.jwk]}),
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def claims(self, nonce: str = "", **others: Any) -> dict[str, Any]:
        """The claims of a good ID token. A claim that is None is left out."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "sub": "ada",
            "aud": "edge",
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": "ada@example.org",
            "name": "Ada Lovelace",
        }
        return {name: value for name, value in {**good, **others}.items() if value is not None}

    def signed(self, claims: Any, **header: Any) -> str:
        """A token of this provider, signed with RS256 whatever its header says."""
        text = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        fields = {"alg": "RS256", "kid": "k1", **header}
        head = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
        signing = f"{encoded(head)}.{encoded(text)}"
        return f"{signing}.{encoded(self.key.sign(signing.encode(), padding.PKCS1v15(), SHA256()))}"

    def answers(self, token: str) -> None:
        """The token endpoint's answer has this ID token."""
        self.pages["/token"] = (200, {"id_token": token})

    @property
    def verifiers(self) -> list[str]:
        """The PKCE verifiers that came with codes."""
        return [form["code_verifier"] for _, _, form in self.requests if "code_verifier" in form]

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return [each[0] for each in self.requests].count(path)


def es256(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The signature as JSON Web Tokens have it: r and s, 32 bytes each."""
    return b"".join(each.to_bytes(32, "big") for each in decode_dss_signature(key.sign(message, ec.ECDSA(SHA256()))))


@pytest.fixture
def draw() -> random.Random:
    """Random values, others in each run. pytest shows their seed if the test fails."""
    seed = random.SystemRandom().getrandbits(64)
    print(f"random.Random({seed})")  # noqa: T201 - see above
    return random.Random(seed)


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def provider(rsa_key) -> Iterator[Provider]:
    provider = Provider(rsa_key)
    yield provider
    provider.close()


class Aws:
    """The AWS of the function: its role, the role's policy, and the secret. `server` is a `MisbehavingServer`."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def well(self, *operations: str, secret: Any = None) -> None:
        """These operations succeed."""
        for operation in operations:
            {"GetCallerIdentity": self.identity, "GetRolePolicy": self.policy}.get(operation, lambda: None)()
            if operation == "GetSecretValue":
                self.secret(secret)

    def identity(self) -> None:
        arn = "arn:aws:sts::123456789012:assumed-role/sign-in/session"
        self.server.reply(200, f"<R><Result><Arn>{arn}</Arn></Result></R>", to="GetCallerIdentity")

    def policy(self, *regions: str) -> None:
        arns = [
            f"arn:aws:secretsmanager:{each}:123456789012:secret:sign-in-AbCdEf" for each in regions or ("us-east-1",)
        ]
        document = quote(json.dumps({"Statement": [{"Sid": "SignInSecret", "Resource": arns}]}))
        self.server.reply(200, f"<R><PolicyDocument>{document}</PolicyDocument></R>", to="GetRolePolicy")

    def secret(self, settings: Any) -> None:
        text = settings if isinstance(settings, str) else json.dumps(settings)
        self.server.reply(200, json.dumps({"SecretString": text}), to="GetSecretValue")

    def operations(self) -> list[str]:
        """The operations called so far, in order."""
        return [request.operation for request in self.server.requests]


@pytest.fixture
def settings(provider) -> dict[str, Any]:
    """The settings in the secret: change them before the first request."""
    return {
        "issuer": provider.issuer,
        "client_id": "edge",
        "client_secret": "secret-of-the-client",
        "addresses": {HOST: ADDRESS},
        "session_key": KEY,
    }


@pytest.fixture
def aws(misbehaving_server, monkeypatch) -> Aws:
    """The function's AWS, without answers yet."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"):
        monkeypatch.delenv(name, raising=False)
    keys = {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-role",
        "AWS_SESSION_TOKEN": "token-of-the-role",
    }
    for name, value in {**keys, "AWS_ENDPOINT_URL": misbehaving_server.url, "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    return Aws(misbehaving_server)


def assert_tells_no_secret(result: Any, *further: str) -> None:
    """A response, or a request that goes on, tells none of the SECRETS, and none of the further ones."""
    headers = [(item["key"], item["value"]) for items in result["headers"].values() for item in items]
    texts = (result.get(name, "") for name in ("body", "statusDescription", "uri", "querystring"))
    assert not told([*SECRETS, *further], headers, *texts), result


class Answer:
    """What the function made of a request: `result` as CloudFront gets it, and the line in the log."""

    def __init__(self, result: dict[str, Any], line: dict[str, Any]) -> None:
        self.result, self.line = result, line
        self.passes = "status" not in result
        self.status = 0 if self.passes else int(result["status"])
        self.body: str = result.get("body", "")
        self.cause: str = line["cause"]

    def header(self, name: str) -> str | None:
        values = self.result["headers"].get(name)
        return values[0]["value"] if values else None

    @property
    def location(self) -> str:
        return self.header("location") or ""

    @property
    def sent(self) -> dict[str, str]:
        """The parameters of the location."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    @property
    def cookies(self) -> list[str]:
        return [item["value"] for item in self.result["headers"].get("set-cookie", ())]


class Browser:
    """A browser in front of the function: it keeps cookies, and sends the headers of a page load.

    Neither the answers nor the log lines hold a secret.
    """

    def __init__(self, edge: Edge, capsys: pytest.CaptureFixture[str], provider: Provider) -> None:
        self._edge, self._capsys, self._provider = edge, capsys, provider
        self.jar: dict[str, str] = {}
        self.at_first: Callable[[], None] = lambda: None

    def load(
        self, target: str = "/members/", *, method: str = "GET", seconds: float = 5, **headers: str | None
    ) -> Answer:
        """A page load; a header that is None is not sent."""
        uri, _, query = target.partition("?")
        cookie = "; ".join(f"{name}={value}" for name, value in self.jar.items()) or None
        fields = {"Host": HOST, **PAGE, "Cookie": cookie}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        items = {name.lower(): [{"key": name, "value": value}] for name, value in fields.items() if value is not None}
        return self.send({"method": method, "uri": uri, "querystring": query, "headers": items}, seconds)

    def send(self, request: dict[str, Any], seconds: float = 5, distribution: str = DISTRIBUTION) -> Answer:
        self.at_first()
        self.at_first = lambda: None
        config = {
            "distributionDomainName": "d111111abcdef8.cloudfront.net",
            "distributionId": distribution,
            "eventType": "viewer-request",
            "requestId": REQUEST_ID,
        }
        event = {"Records": [{"cf": {"config": config, "request": {"clientIp": "203.0.113.178", **request}}}]}
        result = self._edge(sign_in.handler.handler)(event, Context(seconds))
        (line,) = self._capsys.readouterr().out.splitlines()
        assert not told([*SECRETS, *self._provider.verifiers], [], line)
        assert_tells_no_secret(result, *self._provider.verifiers)
        answer = Answer(result, json.loads(line))
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.jar.pop(name, None)
            if "Max-Age=0" not in cookie:
                self.jar[name] = value
        return answer

    def fetch(self, target: str, **headers: str | None) -> Answer:
        """A request of a script in the page."""
        return self.load(target, Accept="*/*", Sec_Fetch_Mode="cors", Sec_Fetch_Dest="empty", **headers)


@pytest.fixture
def fresh() -> Iterator[Callable[[], None]]:
    """Calling it begins a new sandbox: the function knows nothing any more."""
    sign_in.handler.gate.cache_clear()
    yield sign_in.handler.gate.cache_clear
    sign_in.handler.gate.cache_clear()


@pytest.fixture
def stranger(edge, capsys, fresh, provider) -> Browser:  # noqa: ARG001 - in a new sandbox
    """A browser, and no answers of AWS yet."""
    return Browser(edge, capsys, provider)


@pytest.fixture
def browser(stranger, aws, settings) -> Browser:
    """A browser in front of a function that is configured: with the settings as they are at the first request."""
    stranger.at_first = lambda: aws.well(*OPERATIONS, secret=settings)
    return stranger


@pytest.fixture
def cookie(settings) -> Callable[..., str]:
    """Makes the value of a session's cookie, signed as the function signs it. Times are in seconds from now."""

    def cookie(
        began: int = 0, until: int = 3000, *, key: str = KEY, distribution: str = DISTRIBUTION, **claims: Any
    ) -> str:
        known = Settings({**settings, "session_key": key})
        now = int(time.time())
        begun = session.begin({"sub": "ada", **claims}, known, now)
        kept = session.Session(begun.user, begun.requirements, now + began, now + until)
        return session.session_cookie(kept, known, distribution, now).partition(";")[0].partition("=")[2]

    return cookie


@pytest.fixture
def signs_in(browser, provider) -> Callable[..., Answer]:
    """Signs the browser in, with these claims beside the good ones. Returns the callback's answer."""

    def signs_in(target: str = "/members/", **claims: Any) -> Answer:
        sent = browser.load(target).sent
        provider.answers(provider.signed(provider.claims(**{"nonce": sent["nonce"], **claims})))
        return browser.load(f"/members/callback?code=secret-code&state={sent['state']}")

    return signs_in
