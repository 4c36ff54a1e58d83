"""The translation between the laptop's address and the distribution's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict

from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.pages import Refusal
from cloudfront_local.distribution.viewer import ViewerSide

SIDE = ViewerSide("d111111abcdef8.cloudfront.net", 8080)
THERE = "https://d111111abcdef8.cloudfront.net"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Host", "localhost:8080", "d111111abcdef8.cloudfront.net"),
        ("host", "127.0.0.1:8080", "d111111abcdef8.cloudfront.net"),
        ("Host", "[::1]:8080", "d111111abcdef8.cloudfront.net"),
        ("Host", "localhost:9090", "d111111abcdef8.cloudfront.net"),
        ("Host", "LOCALHOST", "d111111abcdef8.cloudfront.net"),
        ("Host", "localhost:8080.evil.example", "localhost:8080.evil.example"),
        ("Host", "localhost\n", "localhost\n"),
        ("Host", "www.example.org", "www.example.org"),
        ("Host", "notlocalhost:8080", "notlocalhost:8080"),
        ("Origin", "http://localhost:8080", THERE),
        ("origin", "http://localhost:3000", "http://localhost:3000"),
        ("Origin", "null", "null"),
        ("Referer", "http://127.0.0.1:8080/a?b=http://127.0.0.1:8080/", f"{THERE}/a?b=http://127.0.0.1:8080/"),
        ("Referer", "http://localhost:80801/", "http://localhost:80801/"),
        ("X-Other", "http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_inbound(name: str, value: str, expected: str) -> None:
    """This server's address becomes the distribution's in Host, Origin and Referer. Nothing else changes."""
    headers = CIMultiDict([("x-first", "1"), (name, value), ("X-First", "2")])
    request = SIDE.inbound(Request("GET", "/", headers=headers))
    assert list(request.headers.items()) == [("x-first", "1"), (name, expected), ("X-First", "2")]


def test_inbound_on_port_80() -> None:
    """On port 80, the address may have no port, because browsers leave it out."""
    headers = CIMultiDict({"Host": "localhost", "Origin": "http://localhost"})
    request = ViewerSide("d1.cloudfront.net", 80).inbound(Request("GET", "/", headers=headers))
    assert dict(request.headers) == {"Host": "d1.cloudfront.net", "Origin": "https://d1.cloudfront.net"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{THERE}/login?next={THERE}/a", "http://localhost:8080/login?next=http://localhost:8080/a"),
        (THERE, "http://localhost:8080"),
        (
            f"default-src 'self' {THERE}; img-src {THERE}",
            "default-src 'self' http://localhost:8080; img-src http://localhost:8080",
        ),
        (f"{THERE}.evil.example/", f"{THERE}.evil.example/"),
        (f"{THERE}:8443/", f"{THERE}:8443/"),
        ("/relative", "/relative"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_outbound(value: str, expected: str) -> None:
    """The distribution's address in a response becomes the address that the viewer used."""
    headers = CIMultiDict([("Location", value), ("set-cookie", "a=1"), ("Set-Cookie", "b=2")])
    response = SIDE.outbound(Response(302, headers), "http://localhost:8080")
    assert list(response.headers.items()) == [("Location", expected), ("set-cookie", "a=1"), ("Set-Cookie", "b=2")]


SECURE = ViewerSide("d111111abcdef8.cloudfront.net", 8080, https_port=8443)
PLAIN = "http://d111111abcdef8.cloudfront.net"


@pytest.mark.parametrize(
    ("scheme", "sent", "expected"),
    [
        ("https", {"Host": "localhost:8443", "Origin": "https://localhost:8443"}, THERE),
        ("https", {"Host": "localhost:8443", "Origin": "http://localhost:8080"}, PLAIN),
        ("http", {"Host": "localhost:8080", "Origin": "http://localhost:8080"}, PLAIN),
        ("http", {"Host": "localhost:8080", "Origin": "https://localhost:8080"}, "https://localhost:8080"),
    ],
)
def test_inbound_with_https(scheme: str, sent: dict[str, str], expected: str) -> None:
    """With HTTPS, plain HTTP is no HTTPS: each of the two addresses becomes its own, and the scheme stays."""
    request = SECURE.inbound(Request("GET", "/", headers=CIMultiDict(sent), scheme=scheme))
    assert dict(request.headers) == {"Host": "d111111abcdef8.cloudfront.net", "Origin": expected}
    assert (request.scheme, request.visited) == (scheme, f"{scheme}://{sent['Host']}")


ALIAS = "https://www.example.org"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Origin", f"{ALIAS}:8443", ALIAS),
        ("Origin", "http://www.example.org:8080", "http://www.example.org"),
        ("Origin", f"{ALIAS}:8080", f"{ALIAS}:8080"),
        ("Origin", "https://www.example.org.evil.com:8443", "https://www.example.org.evil.com:8443"),
        ("Referer", f"{ALIAS}:8443/a?b={ALIAS}:8443/", f"{ALIAS}/a?b={ALIAS}:8443/"),
        ("Origin", "https://localhost:8443", THERE),
        ("X-Other", f"{ALIAS}:8443", f"{ALIAS}:8443"),
    ],
)
def test_inbound_at_an_alias(name: str, value: str, expected: str) -> None:
    """With HTTPS, functions see an alias as on AWS, where it has no port."""
    sent = CIMultiDict({"Host": "www.example.org:8443", name: value})
    request = SECURE.inbound(Request("GET", "/", headers=sent, scheme="https"))
    assert dict(request.headers) == {"Host": "www.example.org", name: expected}
    assert request.visited == "https://www.example.org:8443"


@pytest.mark.parametrize(
    ("visited", "value", "expected"),
    [
        ("http://localhost:8080", f"{THERE}/a", "https://localhost:8443/a"),
        ("http://localhost:8080", f"{PLAIN}/a", "http://localhost:8080/a"),
        ("https://127.0.0.1:8443", f"{THERE}/a", "https://127.0.0.1:8443/a"),
        ("https://[::1]:8443", f"{PLAIN}/a", "http://[::1]:8080/a"),
        ("https://localhost:9443", f"{THERE}/a", "https://localhost:9443/a"),  # forwarded from another port
        ("http://www.example.org:8080", "https://www.example.org/a", "https://www.example.org:8443/a"),
        ("http://www.example.org:8080", f"{THERE}/a", "https://www.example.org:8443/a"),
        ("http://localhost:8080", "https://www.example.org/a", "https://www.example.org/a"),
    ],
)
def test_outbound_with_https(visited: str, value: str, expected: str) -> None:
    """A URL of the distribution, or at the alias that the viewer used, leads to this server's port for its scheme."""
    response = SECURE.outbound(Response(302, CIMultiDict({"Location": value})), visited)
    assert response.headers["Location"] == expected


def test_plain_http_counts() -> None:
    """Without HTTPS, plain HTTP counts as HTTPS."""
    request = SIDE.inbound(Request("GET", "/", headers=CIMultiDict({"Host": "localhost:8080"}), scheme="http"))
    assert (request.scheme, request.visited) == ("https", "http://localhost:8080")


@given(st.text())
@example("a\\1b")
def test_any_host(host: str) -> None:
    """The viewer's Host is text, not a pattern: `a\\1b` refers to no group. The address in a response gets it as it
    is."""
    SIDE.inbound(Request("GET", "/", headers=CIMultiDict({"Host": host, "Origin": host, "Referer": host})))
    SECURE.inbound(Request("GET", "/", headers=CIMultiDict({"Host": host, "Origin": f"https://{host}:8443/"})))
    response = SIDE.outbound(Response(302, CIMultiDict({"Location": f"{THERE}/a"})), f"http://{host}")
    assert response.headers["Location"] == f"http://{host}/a"


@pytest.mark.parametrize(
    ("chosen", "country", "device"),
    [
        ({}, "US", None),
        ({"x-local-viewer-country": "nz"}, "NZ", None),
        ({"X-Local-Viewer-Device": "mobile,ios"}, "US", {"mobile", "ios"}),
        ({"X-Local-Viewer-Country": "FR", "X-Local-Viewer-Device": "auto"}, "FR", None),
    ],
)
def test_chosen_viewer(chosen: dict[str, str], country: str, device: set[str] | None) -> None:
    """A request chooses its viewer with headers that nothing else sees."""
    request = SIDE.inbound(Request("GET", "/", headers=CIMultiDict({"Host": "localhost:8080", **chosen})))
    assert (request.viewer.place.country, request.viewer.device) == (country, device)
    assert list(request.headers) == ["Host"]


@pytest.mark.parametrize(
    ("header", "value", "says"),
    [
        (
            "X-Local-Viewer-Country",
            "Atlantis",
            "The request header X-Local-Viewer-Country: 'Atlantis' is not a country.",
        ),
        ("X-Local-Viewer-Device", "toaster", "The request header X-Local-Viewer-Device: 'toaster' is not a device."),
    ],
)
def test_no_such_viewer(header: str, value: str, says: str) -> None:
    """A viewer that there cannot be is refused with what is wrong."""
    with pytest.raises(Refusal) as refused:
        SIDE.inbound(Request("GET", "/", headers=CIMultiDict({header: value})))
    assert refused.value.status == 400
    assert refused.value.sentence.startswith(says)
