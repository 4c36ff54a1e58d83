"""Bad ID tokens: each ends at a page, without a session.

The list is that of the OpenID Foundation's tests for relying parties, and of RFC 8725.
"""

import hmac
import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.src.sign_in.conftest import SESSION, encoded, es256, number


class From(NamedTuple):
    """A time, in seconds from when the test runs: the suite takes longer than some claims are valid."""

    now: float


def timed(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with times of today."""
    return {name: time.time() + value.now if isinstance(value, From) else value for name, value in claims.items()}


@pytest.fixture
def refused(browser, provider) -> Callable[..., str]:
    """Signs in with a token that `make` makes from the nonce. Expects a page, no session. Returns the log's cause."""

    def refused(make: Callable[[str], str]) -> str:
        sent = browser.load().sent
        provider.answers(make(sent["nonce"]))
        answer = browser.load(f"/members/callback?code=secret-code&state={sent['state']}")
        assert (answer.status, answer.line["decision"], answer.line["subject"]) == (400, "refused", "")
        assert "Signing in did not work." in answer.body
        assert SESSION not in browser.jar
        return answer.cause

    return refused


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"iss": "https://login.example.org"}, "the token is of another issuer"),
        ({"iss": None}, "the token is of another issuer"),
        ({"iss": ["x"]}, "the token is of another issuer"),
        ({"aud": "other"}, "the ID token is for another client"),
        ({"aud": None}, "the ID token is for another client"),
        ({"aud": []}, "the ID token is for another client"),
        ({"aud": ["other", "another"]}, "the ID token is for another client"),
        ({"aud": {"edge": True}}, "the ID token is for another client"),
        ({"aud": "edge2"}, "the ID token is for another client"),
        ({"aud": ["edge", "other"]}, "another client asked for the ID token"),
        ({"aud": ["edge", "other"], "azp": "other"}, "another client asked for the ID token"),
        ({"azp": "other"}, "another client asked for the ID token"),
        ({"azp": ""}, "another client asked for the ID token"),
        ({"exp": From(-3600)}, "the token has expired"),
        ({"exp": From(-61)}, "the token has expired"),
        ({"exp": None}, "the token's exp is missing, or is not a time"),
        ({"exp": "1900000000"}, "the token's exp is missing, or is not a time"),
        ({"exp": True}, "the token's exp is missing, or is not a time"),
        ({"exp": [1900000000]}, "the token's exp is missing, or is not a time"),
        ({"iat": From(600)}, "the token is of the future"),
        ({"nbf": From(600)}, "the token is of the future"),
        ({"iat": None}, "the ID token does not say when it was issued"),
        ({"iat": "now"}, "the token's iat is missing, or is not a time"),
        ({"nonce": "other"}, "the ID token is of another attempt to sign in"),
        ({"nonce": None}, "the ID token is of another attempt to sign in"),
        ({"nonce": 1}, "the ID token is of another attempt to sign in"),
        ({"nonce": "é"}, "the ID token is of another attempt to sign in"),
        ({"sub": None}, "the token does not say whose it is"),
        ({"sub": ""}, "the token does not say whose it is"),
        ({"sub": 1}, "the token does not say whose it is"),
        ({"sub": "a" * 256}, "the token does not say whose it is"),
        ({"sub": "adé"}, "the token does not say whose it is"),
        ({"name": "half a character \ud800"}, "the token's payload is not a JSON object in base64url"),
        ({"nonce": "\udfff"}, "the token's payload is not a JSON object in base64url"),
    ],
)
def test_claims(refused, provider, claims: dict[str, Any], cause: str):
    """A claim that is wrong, missing or of another type."""
    assert refused(lambda nonce: provider.signed(provider.claims(**{"nonce": nonce, **timed(claims)}))) == cause


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["edge"]},
        {"aud": ["edge", "other"], "azp": "edge"},
        {"azp": "edge"},
        {"exp": From(-30)},
        {"iat": From(30)},
        {"nbf": From(-30)},
        {"exp": From(300.5)},
        {"sub": "a" * 255},
    ],
)
def test_good(signs_in, browser, claims: dict[str, Any]):
    """What the standard allows, and clocks that differ by half a minute."""
    assert signs_in(**timed(claims)).status == 302
    assert SESSION in browser.jar


def parts(token: str) -> list[str]:
    return token.split(".")


def test_none(refused, provider):
    """The algorithm `none`, with and without a signature, in each spelling."""
    for algorithm in ("none", "None", "NONE", "nOnE"):
        for signature in ("", None):

            def make(nonce: str, algorithm: str = algorithm, signature: str | None = signature) -> str:
                head, text, mac = parts(provider.signed(provider.claims(nonce), alg=algorithm))
                return f"{head}.{text}.{mac if signature is None else signature}"

            assert refused(make) == "the token's algorithm is not RS256, its key's"


@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_hmac_with_the_public_key(refused, provider, form):
    """HS256 with the public key, which everybody knows, as the secret."""

    def make(nonce: str) -> str:
        head, text, _ = parts(provider.signed(provider.claims(nonce), alg="HS256"))
        secret = provider.key.public_key().public_bytes(Encoding.PEM, form)
        return f"{head}.{text}.{encoded(hmac.digest(secret, f'{head}.{text}'.encode(), 'sha256'))}"

    assert refused(make) == "the token's algorithm is not RS256, its key's"


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES256", "HS256", "EdDSA", "rs256", "", None, 1])
def test_another_algorithm(refused, provider, algorithm):
    """Another algorithm than the key's."""
    make = lambda nonce: provider.signed(provider.claims(nonce), alg=algorithm)  # noqa: E731
    assert refused(make) == "the token's algorithm is not RS256, its key's"


def test_another_key(refused, provider):
    """A signature by somebody else's key, under the name of the provider's."""
    other = rsa.generate_private_key(65537, 2048)

    def make(nonce: str) -> str:
        head, text, _ = parts(provider.signed(provider.claims(nonce)))
        return f"{head}.{text}.{encoded(other.sign(f'{head}.{text}'.encode(), padding.PKCS1v15(), SHA256()))}"

    assert refused(make) == "the token's signature is not valid"


def test_key_in_the_token(refused, provider):
    """The token brings its own key: nobody looks at it."""
    other = rsa.generate_private_key(65537, 2048)
    public = other.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": number(public.n), "e": number(public.e), "kid": "k1"}

    def make(nonce: str) -> str:
        head, text, _ = parts(provider.signed(provider.claims(nonce), jwk=jwk, jku="https://evil.example/keys"))
        return f"{head}.{text}.{encoded(other.sign(f'{head}.{text}'.encode(), padding.PKCS1v15(), SHA256()))}"

    assert refused(make) == "the token's signature is not valid"


@pytest.mark.parametrize("key_id", ["unknown", "", "k1 ", "../k1", 1, ["k1"], {}, "k" * 5000])
def test_unknown_key(refused, provider, key_id):
    """A `kid` that the provider does not have, or that is no text."""
    provider.pages["/keys"] = (200, {"keys": [provider.jwk, {**provider.jwk, "kid": "k2"}]})
    make = lambda nonce: provider.signed(provider.claims(nonce), kid=key_id)  # noqa: E731
    assert refused(make) == "the token names a key that the provider does not have"


def test_only_key_needs_no_name(provider, browser):
    """Without `kid`, the provider's only key is meant (OpenID Connect Core §10.1)."""
    sent = browser.load().sent
    provider.answers(provider.signed(provider.claims(sent["nonce"]), kid=None))
    assert browser.load(f"/members/callback?code=secret-code&state={sent['state']}").status == 302


@pytest.mark.parametrize("extension", [{"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"b64": True}])
def test_extension(refused, provider, extension):
    """An extension that has to be understood (RFC 7515 §4.1.11)."""
    make = lambda nonce: provider.signed(provider.claims(nonce), **extension)  # noqa: E731
    assert refused(make) == "the token's header has an extension"


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "At+JWT"])
def test_access_token(refused, provider, typ: str):
    """An access token in the place of an ID token (RFC 8725 §3.11)."""
    make = lambda nonce: provider.signed(provider.claims(nonce), typ=typ)  # noqa: E731
    assert refused(make) == "the token is an access token, not an ID token"


def bent(signature: str) -> list[str]:
    swapped = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    longer = (signature + "A", signature + "==", f"{signature}.x", f" {signature}")
    return ["", swapped, signature[:-1], *longer, "é", "AA"]


@pytest.mark.parametrize("case", range(9))
def test_signature(refused, provider, case: int):
    """A signature that is bent, missing, longer or not base64url."""

    def make(nonce: str) -> str:
        head, text, signature = parts(provider.signed(provider.claims(nonce)))
        return f"{head}.{text}.{bent(signature)[case]}"

    assert refused(make).startswith(("the token's signature is not", "the token does not have three parts"))


def test_other_claims_under_the_signature(refused, provider):
    """The signature of one token, the claims of another."""

    def make(nonce: str) -> str:
        head, _, signature = parts(provider.signed(provider.claims(nonce)))
        root = provider.signed(provider.claims(nonce, sub="root"))
        return f"{head}.{parts(root)[1]}.{signature}"

    assert refused(make) == "the token's signature is not valid"


NESTED = b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}"
PAYLOADS = {
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "nothing": b"",
    "not JSON": b"{",
    "twice": b'{"sub": "ada", "sub": "root"}',
    "twice, inside": b'{"a": {"b": 1, "b": 2}}',
    "NaN": b'{"exp": NaN}',
    "Infinity": b'{"exp": Infinity}',
    "not UTF-8": b'{"sub": "\xff"}',
    "UTF-16": '{"sub": "ada"}'.encode("utf-16"),
    "nested": NESTED,
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload(refused, provider, name: str):
    """A payload that is no JSON object, or one that two readers could read in two ways."""
    causes = ("the token's payload is not a JSON object in base64url", "the token is of another issuer")
    assert refused(lambda _: provider.signed(PAYLOADS[name])) in causes


@pytest.mark.parametrize("name", ["sub", "aud", "nonce"])
def test_claim_twice(refused, provider, name: str):
    """A good token that has one claim twice: two readers could take it for two users' (RFC 8725 §2.4)."""

    def make(nonce: str) -> str:
        good = json.dumps(provider.claims(nonce))
        return provider.signed(f'{{"{name}": "root", {good[1:]}'.encode())

    assert refused(make) == "the token's payload is not a JSON object in base64url"


def test_huge(refused, provider):
    """A token that is longer than any provider's is not even read."""
    make = lambda nonce: provider.signed(provider.claims(nonce, more="x" * 20_000))  # noqa: E731
    assert refused(make) == "the token is too long"


@pytest.mark.parametrize("huge", ["9" * 400, "1e400", "1" * 5000])
def test_huge_number(refused, provider, huge: str):
    """A number of hundreds of digits is no time, and no failure."""

    def make(nonce: str) -> str:
        text = json.dumps(provider.claims(nonce)).replace(str(provider.claims(nonce)["exp"]), huge, 1)
        return provider.signed(text.encode())

    assert refused(make)


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", "é.é.é", "a" * 9000, " . . "])
def test_no_token(refused, token: str):
    """Texts that are no tokens."""
    assert refused(lambda _: token)


def test_algorithms(browser, provider):
    """PS256 and ES256 are taken by keys that are theirs."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_numbers()
    elliptic = {"kty": "EC", "crv": "P-256", "kid": "e1", "x": number(public.x), "y": number(public.y)}
    provider.pages["/keys"] = (200, {"keys": [{**provider.jwk, "alg": "PS256", "kid": "p1"}, elliptic]})
    pss = padding.PSS(padding.MGF1(SHA256()), 32)
    signers: dict[str, Callable[[bytes], bytes]] = {
        "p1": lambda message: provider.key.sign(message, pss, SHA256()),
        "e1": lambda message: es256(key, message),
    }
    for key_id, algorithm in (("p1", "PS256"), ("e1", "ES256")):
        browser.jar.clear()
        sent = browser.load().sent
        head, text, _ = parts(provider.signed(provider.claims(sent["nonce"]), alg=algorithm, kid=key_id))
        signature = signers[key_id](f"{head}.{text}".encode())
        provider.answers(f"{head}.{text}.{encoded(signature)}")
        assert browser.load(f"/members/callback?code=secret-code&state={sent['state']}").status == 302, algorithm
