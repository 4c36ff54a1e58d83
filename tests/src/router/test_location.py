"""The locations in the lookup API's answer, and the addresses made from them."""

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cloudfront_local.rules import violations
from router.location import locations
from router.rejection import BadAnswerError
from router.rewrite import send_to


@pytest.mark.parametrize(
    ("location", "domain", "uri"),
    [
        ({"bucket": "files", "region": "eu-west-1", "key": "a.svg"}, "files.s3.eu-west-1.amazonaws.com", "/a.svg"),
        ({"bucket": "1.2.3", "region": "us-gov-west-1", "key": "/"}, "1.2.3.s3.us-gov-west-1.amazonaws.com", "//"),
        ({"domain": "files.s3.eu-west-1.amazonaws.com", "key": "a"}, "files.s3.eu-west-1.amazonaws.com", "/a"),
        (
            {
                "bucket": "files",
                "domain": "files.s3.dualstack.eu-west-1.amazonaws.com",
                "region": "eu-west-1",
                "key": "a/b c",
            },
            "files.s3.eu-west-1.amazonaws.com",
            "/a/b%20c",
        ),
        ({"domain": "files.s3-eu-west-1.amazonaws.com", "key": "é"}, "files.s3.eu-west-1.amazonaws.com", "/%C3%A9"),
        (
            {"domain": "files.s3.amazonaws.com", "region": "eu-north-1", "key": "%2e%2e/..."},
            "files.s3.eu-north-1.amazonaws.com",
            "/%252e%252e/...",
        ),
        (
            {"bucket": "a" * 63, "region": "ap-southeast-2", "key": "🗼" * 256, "size": 3},
            f"{'a' * 63}.s3.ap-southeast-2.amazonaws.com",
            "/" + "%F0%9F%97%BC" * 256,
        ),
    ],
)
def test_followed(location: dict[str, str], domain: str, uri: str):
    """A bucket, or a bucket's domain in any form, becomes the bucket's regional domain."""
    (found,) = locations(json.dumps({"locations": [location]}).encode())
    assert (found.domain, found.uri) == (domain, uri)


def test_order():
    """The locations are in the API's order."""
    listed = [{"bucket": f"files-{n}", "region": "eu-west-1", "key": "k"} for n in (3, 1, 2)]
    assert [place.bucket for place in locations(json.dumps({"locations": listed}).encode())] == [
        "files-3",
        "files-1",
        "files-2",
    ]


def test_domain_without_region():
    """A global domain needs a Region."""
    with pytest.raises(BadAnswerError, match="NoneType is not a Region"):
        locations(b'{"locations": [{"domain": "files.s3.amazonaws.com", "key": "k"}]}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
# Near what is right: separators, dots, escapes, and characters that mean something somewhere.
NEARLY = st.text(st.sampled_from("ab1.-/%2eé\\@:?#&=+\n\x7f\u2028\ud800 "), max_size=12)
BUCKETS = st.from_regex(r"[a-z0-9]{2}[a-z0-9.-]{0,64}[a-z0-9]", fullmatch=True)
REGIONS = st.sampled_from(["us-east-1", "eu-west-1", "ap-southeast-2"])
KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)
DOMAINS = st.builds("{}.s3.{}.amazonaws.com{}".format, BUCKETS, REGIONS, st.sampled_from(["", "", ".cn", ":1", "/"]))
LIKELY = st.fixed_dictionaries({"bucket": BUCKETS, "region": REGIONS, "key": KEYS})
BY_DOMAIN = st.fixed_dictionaries({"domain": DOMAINS, "key": KEYS})
ODD = st.builds(
    lambda location, field, value: {**location, field: value},
    LIKELY,
    st.sampled_from(["bucket", "domain", "region", "key"]),
    NEARLY | DOMAINS | st.text() | JSON,
)
LISTED = st.lists(LIKELY | BY_DOMAIN | ODD, min_size=1, max_size=2)
RUBBISH = (JSON | st.fixed_dictionaries({"locations": JSON | st.lists(JSON)})).map(json.dumps).map(str.encode)
BUCKET_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])\.s3\.[a-z]{2}(?:-[a-z]+)+-[0-9]+\.amazonaws\.com")


@settings(max_examples=100)
@given(body=RUBBISH | st.binary(max_size=100))
def test_rubbish(body: bytes):
    """An answer without locations raises BadAnswerError."""
    with pytest.raises(BadAnswerError):
        locations(body)


@settings(max_examples=300)
@given(listed=LISTED, access=st.sampled_from(["oai", "sigv4"]))
@example(listed=[{"bucket": "a.-b", "region": "eu-west-1", "key": "k"}], access="oai")
def test_no_answer_leads_astray(listed: list[object], access: str):
    """Any answer raises BadAnswerError or leads to objects in S3, with requests that CloudFront takes."""
    try:
        found = locations(json.dumps({"locations": listed}).encode())
    except BadAnswerError:
        return
    for location in found:
        event = {"Records": [{"cf": {"config": {"eventType": "origin-request"}, "request": request()}}]}
        routed = request()
        send_to(routed, location, access)
        assert violations(event, routed) == []
        origin = routed["origin"]["s3"]
        assert BUCKET_DOMAIN.fullmatch(origin["domainName"])
        assert origin["domainName"] == routed["headers"]["host"][0]["value"]
        assert origin["domainName"].endswith(f".s3.{origin['region']}.amazonaws.com")
        segments = unquote(routed["uri"]).split("/")
        assert not {".", ".."} & set(segments)


def request() -> dict[str, object]:
    s3 = {"authMethod": "origin-access-identity", "customHeaders": {}, "domainName": "d.s3.amazonaws.com", "path": ""}
    return {
        "clientIp": "203.0.113.178",
        "method": "GET",
        "uri": "/files/a",
        "querystring": "",
        "headers": {"host": [{"key": "Host", "value": "d.s3.amazonaws.com"}]},
        "origin": {"s3": {**s3, "region": "us-east-1"}},
    }
