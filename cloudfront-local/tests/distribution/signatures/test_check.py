"""Private content: signed URLs and signed cookies, through the distribution, against botocore's own signer."""

import base64
import datetime
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudfront_local.distribution import unverified
from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.geo_restriction import GeoRestriction
from cloudfront_local.distribution.policies import CachePolicy, Selection
from cloudfront_local.distribution.signatures.keys import TrustedKeys
from cloudfront_local.distribution.viewer_headers.places import Place
from cloudfront_local.distribution.viewer_headers.viewer import Viewer

ID = "K2JCJMDEHXQW5F"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
TRUSTED = TrustedKeys({ID: KEY.public_key(), "KCURVE": CURVE.public_key()})
BASE = "https://d111111abcdef8.cloudfront.net"
PAGE = f"{BASE}/private/page"
ALL = CachePolicy(
    60, 60, 60, query_strings=Selection("all"), cookies=Selection("all"), headers=Selection("whitelist", frozenset())
)
DOCUMENT = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>%b</Code><Message>%b</Message></Error>'
MISSING = DOCUMENT % (b"MissingKey", b"Missing Key-Pair-Id query parameter or cookie value")
UNKNOWN = DOCUMENT % (b"InvalidKey", b"Unknown Key")
DENIED = DOCUMENT % (b"AccessDenied", b"Access denied")
MALFORMED = DOCUMENT % (b"MalformedPolicy", b"Malformed Policy")

Sign = Callable[[bytes], bytes]


def sha1(text: bytes) -> bytes:
    return KEY.sign(text, padding.PKCS1v15(), hashes.SHA1())


def others(text: bytes) -> bytes:
    return OTHER.sign(text, padding.PKCS1v15(), hashes.SHA1())


def sha256(text: bytes) -> bytes:
    return KEY.sign(text, padding.PKCS1v15(), hashes.SHA256())


def curve(text: bytes) -> bytes:
    return CURVE.sign(text, ec.ECDSA(hashes.SHA1()))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def policy(resource: str | None = f"{BASE}/private/*", until: Any = 2_000_000_000, **conditions: Any) -> bytes:
    statement: dict[str, Any] = {"Condition": {"DateLessThan": {"AWS:EpochTime": until}, **conditions}}
    statement |= {} if resource is None else {"Resource": resource}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


def custom(text: bytes, sign: Sign = sha1, key: str = ID, hash_algorithm: str = "") -> str:
    """The parameters of a URL with a custom policy."""
    hashed = f"&Hash-Algorithm={hash_algorithm}" if hash_algorithm else ""
    return f"Policy={encoded(text)}&Signature={encoded(sign(text))}&Key-Pair-Id={key}{hashed}"


def botocores(url: str, **arguments: Any) -> str:
    """A URL that botocore signs, without its beginning."""
    signed: str = CloudFrontSigner(ID, sha1).generate_presigned_url(url, **arguments)
    return signed.removeprefix(BASE)


def later(at: Any, seconds: int = 60) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at.clock() + seconds, datetime.UTC)


@pytest.fixture
def private(edge):
    """A distribution with private content."""
    at = edge(trusted_keys=TRUSTED)
    at.origin.reply()
    return at


async def test_unsigned(edge, caplog) -> None:
    """A request without a signature is refused with an XML document, before the viewer-request function."""
    at = edge(trusted_keys=TRUSTED, functions={"viewer-request": lambda _: 1 / 0})
    answer = await at.get("/private/page")
    assert (answer.status, answer.headers["Content-Type"], answer.headers["X-Cache"]) == (
        403,
        "text/xml",
        "Error from cloudfront",
    )
    assert answer.body == MISSING
    assert at.origin.requests == []
    assert "The URL is not signed, and the request has no signed cookies." in caplog.text


async def test_botocore_canned(private, caplog) -> None:
    """A URL that botocore signs with a canned policy is good until its time, and for its query string only."""
    good = botocores(f"{PAGE}?size=2", date_less_than=later(private))
    assert (await private.get(good)).status == 200
    assert (await private.get(good.replace("size=2", "size=3"))).body == DENIED
    assert "The Signature is not that of the URL" in caplog.text
    private.clock.advance(60)
    assert (await private.get(good)).body == DENIED
    assert "it has expired" in caplog.text
    assert good.partition("Signature=")[2][:40] not in caplog.text


async def test_botocore_custom(private) -> None:
    """A URL that botocore signs with a custom policy is good for all that the resource covers."""
    signer = CloudFrontSigner(ID, sha1)
    text = signer.build_policy(f"{BASE}/private/*", later(private), later(private, -10), "203.0.113.0/24")
    parameters = botocores(PAGE, policy=text).partition("?")[2]
    assert [
        (await private.get(f"{path}?{parameters}")).status for path in ("/private/a", "/private/b/c", "/public")
    ] == [
        200,
        200,
        403,
    ]


@pytest.mark.parametrize("hash_algorithm", ["SHA1", "SHA256"])
@pytest.mark.parametrize("kind", ["rsa", "curve"])
async def test_keys_and_hashes(private, kind: str, hash_algorithm: str) -> None:
    """RSA and ECDSA keys sign, with either hash. A signature with the other hash is not good."""
    algorithm = hashes.SHA1() if hash_algorithm == "SHA1" else hashes.SHA256()

    def sign(text: bytes) -> bytes:
        if kind == "rsa":
            return KEY.sign(text, padding.PKCS1v15(), algorithm)
        return CURVE.sign(text, ec.ECDSA(algorithm))

    key, other = (ID if kind == "rsa" else "KCURVE"), ("SHA256" if hash_algorithm == "SHA1" else "SHA1")
    assert (await private.get(f"/private/a?{custom(policy(), sign, key, hash_algorithm)}")).status == 200
    assert (await private.get(f"/private/a?{custom(policy(), sign, key, other)}")).body == DENIED


@pytest.mark.parametrize(
    ("text", "body", "said"),
    [
        (policy(until=1), DENIED, "it has expired: DateLessThan is 1"),
        (policy(DateGreaterThan={"AWS:EpochTime": 1_999_999_999}), DENIED, "it is too early: DateGreaterThan"),
        (policy(IpAddress={"AWS:SourceIp": "192.0.2.0/24"}), DENIED, "it is for viewers from 192.0.2.0/24"),
        (policy(IpAddress={"AWS:SourceIp": "203.0.113.178"}), b"hello", ""),
        (policy(IpAddress={"AWS:SourceIp": "203.0.113.178/32"}), b"hello", ""),
        (policy("https://elsewhere.example.org/*"), DENIED, "The policy is for 'https://elsewhere.example.org/*'"),
        (policy(None), b"hello", ""),
        (policy("*"), b"hello", ""),
        (policy(until=2_000_000_000_000), MALFORMED, "is after the year 9999"),
        (policy(until=2e9), MALFORMED, "is no Unix time in whole seconds"),
        (policy(until=True), MALFORMED, "is no Unix time in whole seconds"),
        (policy(until=-1), MALFORMED, "is no Unix time in whole seconds"),
        (policy(until="2000000000"), MALFORMED, "is no Unix time in whole seconds"),
        (policy(IpAddress={"AWS:SourceIp": "2001:db8::/32"}), MALFORMED, "is no IPv4 address or range"),
        (policy(IpAddress={"AWS:SourceIp": 7}), MALFORMED, "is no IPv4 address or range"),
        (policy(NumericLessThan={"n": 1}), MALFORMED, "Condition is no object with DateLessThan"),
        (policy(7), MALFORMED, "Resource is no text"),  # type: ignore[arg-type]
        (b"{}", MALFORMED, "the policy is no object with Statement"),
        (b'{"Statement":[]}', MALFORMED, "Statement is no list of one statement"),
        (b'{"Statement":[1,2]}', MALFORMED, "Statement is no list of one statement"),
        (b'{"Statement":[1]}', MALFORMED, "the statement is no object with Condition"),
        (b"[" * 5_000, MALFORMED, "it is no JSON text"),
        (b'{"Statement":' + b"9" * 5_000 + b"}", MALFORMED, "it is no JSON text"),
        (b"\xff", MALFORMED, "it is no JSON text"),
    ],
)
async def test_custom_policy(private, caplog, text: bytes, body: bytes, said: str) -> None:
    """The policy's conditions hold, and a policy that cannot be read is malformed. The terminal gives the reason."""
    answer = await private.get(f"/private/a?{custom(text)}")
    assert (answer.status, answer.body) == (200 if body == b"hello" else 403, body)
    assert said in caplog.text


@pytest.mark.parametrize(
    ("query", "body", "said"),
    [
        (f"Expires=2000000000&Signature=AA__&Key-Pair-Id={ID}", DENIED, "The Signature is not that of the URL"),
        (f"Expires=2000000000&Signature=%00&Key-Pair-Id={ID}", DENIED, "The Signature cannot be read"),
        (f"Expires=2000000000&Key-Pair-Id={ID}", DENIED, "The Signature is missing"),
        (f"Signature=AA__&Key-Pair-Id={ID}", MALFORMED, "neither Policy nor Expires is there"),
        (f"Expires=tomorrow&Signature=AA__&Key-Pair-Id={ID}", MALFORMED, "Expires is no Unix time"),
        (f"Expires={'9' * 5_000}&Signature=AA__&Key-Pair-Id={ID}", MALFORMED, "Expires is no Unix time"),
        (f"Policy=!&Signature=AA__&Key-Pair-Id={ID}", MALFORMED, "it is not in base64"),
        ("Expires=1&Signature=AA__&Key-Pair-Id=KOTHER", UNKNOWN, "is not trusted"),
        (
            "Expires=1&Signature=AA__",
            MISSING,
            "",
        ),
        (f"{custom(policy())}&Hash-Algorithm=MD5", DENIED, "is neither SHA1 nor SHA256"),
        (
            custom(policy(), lambda text: OTHER.sign(text, padding.PKCS1v15(), hashes.SHA1())),
            DENIED,
            "that of the policy",
        ),
        (custom(policy(), key="KCURVE"), DENIED, "is not that of the policy by the key KCURVE"),
    ],
)
async def test_bent(private, caplog, query: str, body: bytes, said: str) -> None:
    """A signature that is bent is refused with CloudFront's document. The terminal gives the reason."""
    answer = await private.get(f"/private/a?{query}")
    assert (answer.status, answer.body) == (403, body)
    assert said in caplog.text


def meaning(target: str) -> list[bytes]:
    """The parts of a signed URL without its base64, whose last character before the padding has bits of no meaning."""
    parts = re.split("([?&]|Policy=|Signature=)", target)
    return [
        base64.b64decode(part.translate(str.maketrans("-_~", "+=/")) + "==") if len(part) > 100 else part.encode()
        for part in parts
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(min_value=0), character=st.characters(max_codepoint=126, exclude_characters="&#"))
async def test_no_bit_may_change(edge, position: int, character: str) -> None:
    """A signed URL in which any character was changed is refused, unless it means the same; nothing raises."""
    at = edge(trusted_keys=TRUSTED)
    at.origin.reply()
    good = f"/private/a?{custom(policy(f'{BASE}/private/a'))}"
    position %= len(good)
    bent = good[:position] + character + good[position + 1 :]
    status = (await at.get(bent)).status
    assert status in (200, 400, 403)
    assert (status == 200) == (bent == good) or meaning(bent) == meaning(good)


async def test_cookies(private) -> None:
    """Signed cookies are as good as a signed URL. If the URL has a part of a signature, the cookies do not count."""
    text = policy()
    cookies = "; ".join(
        [
            "theme=dark",
            f"CloudFront-Policy={encoded(text)}",
            f"CloudFront-Signature={encoded(sha1(text))}",
            f"CloudFront-Key-Pair-Id={ID}",
        ]
    )
    assert (await private.get("/private/a", {"Cookie": cookies})).status == 200
    assert (await private.get("/private/a", {"Cookie": cookies.lower()})).status == 403
    assert (await private.get("/private/a?Expires=1", {"Cookie": cookies})).status == 403


async def test_canned_cookies(private) -> None:
    """Cookies with a canned policy are for one URL."""
    until = int(private.clock()) + 60
    text = f'{{"Statement":[{{"Resource":"{PAGE}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{until}}}}}}}]}}'
    cookies = [
        ("Cookie", f"CloudFront-Expires={until}; CloudFront-Key-Pair-Id={ID}"),
        ("Cookie", f"CloudFront-Signature={encoded(sha256(text.encode()))}; CloudFront-Hash-Algorithm=SHA256"),
    ]
    assert [(await private.get(path, cookies)).status for path in ("/private/page", "/private/other")] == [200, 403]


async def test_parts_stay_at_the_edge(edge) -> None:
    """The parts of a signature are neither in the cache key nor in the request to the origin. The viewer-request
    function sees them."""
    seen = []

    def look(event: Any) -> Any:
        request = event["Records"][0]["cf"]["request"]
        seen.append(request["querystring"])
        return request

    at = edge(trusted_keys=TRUSTED, cache_policy=ALL, functions={"viewer-request": look})
    at.origin.reply()
    first = f"/private/a?x=1&{custom(policy())}&y=2"
    second = f"/private/a?x=1&{custom(policy(until=1_999_999_999))}&y=2"
    cookies = {"Cookie": f"a=1; CloudFront-Key-Pair-Id={ID}; b=2"}
    answers = [await at.get(target, cookies) for target in (first, second)]
    assert [answer.headers["X-Cache"] for answer in answers] == ["Miss from cloudfront", "Hit from cloudfront"]
    (asked,) = at.origin.requests
    assert (asked.querystring, asked.headers["Cookie"]) == ("x=1&y=2", "a=1; b=2")
    assert "Key-Pair-Id" in seen[0]


async def test_as_visited(private) -> None:
    """On the laptop, a signature for the URL as the viewer sent it is as good as one for the distribution's name."""
    here = "http://127.0.0.1:8080"
    signed = custom(policy(f"{here}/private/*"))
    assert (await private.get(f"/private/a?{signed}", visited=here)).status == 200
    assert (await private.get(f"/private/a?{signed}", visited="http://127.0.0.1:9090")).status == 403
    assert (await private.get(f"/private/a?{custom(policy())}", visited=here)).status == 200


async def test_root(edge) -> None:
    """A signature for `/` is good: the default root object is not in the URL."""
    at = edge(trusted_keys=TRUSTED, default_root_object="index.html")
    at.origin.reply()
    assert (await at.get(botocores(f"{BASE}/", date_less_than=later(at)))).status == 200


async def test_error_page(edge, caplog) -> None:
    """The custom error page for 403 takes the place of the document, and needs no signature itself."""
    page = ErrorResponse(page_path="/sign-in.html", response_code=403)
    at = edge(trusted_keys=TRUSTED, config={"error_responses": {403: page}})
    at.origin.reply(body=b"please sign in")
    assert (await at.get("/private/a")).body == b"please sign in"
    assert unverified.PAGE_WITHOUT_SIGNATURE in caplog.text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"Expires=2000000000&Signature=!&Key-Pair-Id={ID}", unverified.OTHER_REFUSALS),
        (f"Expires=2000000000&Key-Pair-Id={ID}", unverified.OTHER_REFUSALS),
        (f"Signature=AA__&Key-Pair-Id={ID}", unverified.OTHER_REFUSALS),
        (f"{custom(policy())}&Hash-Algorithm=MD5", unverified.OTHER_REFUSALS),
        (custom(policy(), sha256, hash_algorithm="SHA256"), unverified.HASH_ALGORITHM),
        (custom(policy(until=2_000_000_000_000)), unverified.LATE_DATE),
        (custom(policy(f"{BASE}/PRIVATE/*")), unverified.CASE_OF_RESOURCE),
        (custom(policy(f"{BASE}/private/a\\?*")), unverified.ESCAPED_QUERY),
    ],
)
async def test_assumptions(private, caplog, query: str, told: str) -> None:
    """The terminal names once what no source confirms, when a request first depends on it."""
    await private.get(f"/private/a?{custom(policy())}")
    assert "Not verified" not in caplog.text
    for _ in range(2):
        await private.get(f"/private/a?{query}")
    assert caplog.text.count(told) == 1


@pytest.mark.parametrize("query", ["Expires=2000000000&Signature=AA__", custom(policy(f"{BASE}/x?token=of-policy*"))])
async def test_no_value_of_a_query(private, caplog, query: str) -> None:
    """The reason in the terminal names the query's parameters, without their values: they may be secret."""
    await private.get(f"/private/a?token=of-viewer&{query}&Key-Pair-Id={ID}")
    assert f"{PAGE.removesuffix('page')}a?token=...'" in caplog.text
    assert "of-viewer" not in caplog.text
    assert "of-policy" not in caplog.text


async def test_country_first(edge, caplog) -> None:
    """A viewer in a blocked country gets the geographic restriction's page, signed or not."""
    at = edge(trusted_keys=TRUSTED, config={"geo_restriction": GeoRestriction(frozenset({"DE"}), is_allow_list=True)})
    answer = await at.get("/private/a", viewer=Viewer(Place("FR")))
    assert b"block access from your country" in answer.body
    assert unverified.COUNTRY_FIRST in caplog.text


async def test_no_keys(edge) -> None:
    """A behavior whose trusted signers are AWS accounts refuses everybody: their keys are not here."""
    at = edge(trusted_keys=TrustedKeys())
    assert (await at.get(f"/private/a?{custom(policy())}")).body == UNKNOWN
