"""Redirects of S3 websites: routing rules, and the redirect of all requests. No exception for any key."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudfront_local.origins.website_configuration import Redirect, website

HOST = "site.s3-website-us-east-1.amazonaws.com"


def rule(redirect: dict[str, Any], **condition: str) -> dict[str, Any]:
    return {"RoutingRules": [{**({"Condition": condition} if condition else {}), "Redirect": redirect}]}


@pytest.mark.parametrize(
    ("configuration", "key", "error", "expected"),
    [
        # The guide's examples: a renamed folder, a deleted folder, and an error that goes to another host.
        (
            rule({"ReplaceKeyPrefixWith": "documents/"}, KeyPrefixEquals="docs/"),
            "docs/a b.html",
            None,
            (301, f"http://{HOST}/documents/a%20b.html"),
        ),
        (
            rule({"ReplaceKeyWith": "folderdeleted.html"}, KeyPrefixEquals="images/"),
            "images/x.png",
            None,
            (301, f"http://{HOST}/folderdeleted.html"),
        ),
        (
            rule(
                {"HostName": "ec2.example.com", "ReplaceKeyPrefixWith": "report-404/"},
                HttpErrorCodeReturnedEquals="404",
            ),
            "pages/x",
            404,
            (301, "http://ec2.example.com/report-404/pages/x"),
        ),
        (rule({"HostName": "a.example"}, HttpErrorCodeReturnedEquals="404"), "x", 403, None),
        (rule({"HostName": "a.example"}, HttpErrorCodeReturnedEquals="404"), "x", None, None),
        # Both conditions must hold.
        (rule({"HostName": "a.example"}, HttpErrorCodeReturnedEquals="404", KeyPrefixEquals="a/"), "b/x", 404, None),
        (
            rule({"HostName": "a.example"}, HttpErrorCodeReturnedEquals="404", KeyPrefixEquals="a/"),
            "a/x",
            404,
            (301, "http://a.example/a/x"),
        ),
        # A rule without conditions always holds, even if it leads to itself: CloudFront follows no redirect.
        (rule({"Protocol": "https", "HttpRedirectCode": "307"}), "x", None, (307, f"https://{HOST}/x")),
        # A replacement may make a query string.
        (
            rule({"HostName": "api.example", "ReplaceKeyPrefixWith": "prod/resize?key="}),
            "200x200/cat.jpg",
            None,
            (301, "http://api.example/prod/resize?key=200x200/cat.jpg"),
        ),
        (rule({"ReplaceKeyWith": "a b\r\nX: y"}), "x", None, (301, f"http://{HOST}/a%20b%0D%0AX:%20y")),
        (rule({"HttpRedirectCode": "404"}), "x", None, (301, f"http://{HOST}/x")),
        (
            {"RedirectAllRequestsTo": {"HostName": "www.example.com"}},
            "a/b",
            None,
            (301, "http://www.example.com/a/b"),
        ),
        (
            {"RedirectAllRequestsTo": {"HostName": "www.example.com", "Protocol": "https"}},
            "",
            None,
            (301, "https://www.example.com/"),
        ),
        ({"IndexDocument": {"Suffix": "index.html"}}, "x", None, None),
    ],
)
def test_redirect(configuration: dict[str, Any], key: str, error: int | None, expected: tuple[int, str] | None) -> None:
    found = website(configuration).redirect(key, "", HOST, error)
    assert found == (expected and Redirect(*expected))


def test_first_rule() -> None:
    """The first rule that holds counts."""
    rules = [rule({"ReplaceKeyWith": name}, KeyPrefixEquals=prefix) for name, prefix in (("1", "a/b"), ("2", "a/"))]
    found = website({"RoutingRules": [each["RoutingRules"][0] for each in rules]})
    locations = [found.redirect(key, "", "h") for key in ("a/b", "a/c", "b")]
    assert [each and each.location for each in locations] == ["http://h/1", "http://h/2", None]


def test_query() -> None:
    """A rule keeps the query string, after the one that its replacement makes."""
    found = website(rule({"ReplaceKeyPrefixWith": "r?key="}, KeyPrefixEquals="a/"))
    redirect = found.redirect("a/x", "b=1", "h")
    assert redirect and redirect.location == "http://h/r?key=x&b=1"


text = st.text(st.characters(codec="utf-8"))


@given(key=text, query=text, replacement=text, prefix=text, host=text, error=text, code=text)
def test_any_text(key: str, query: str, replacement: str, prefix: str, host: str, error: str, code: str) -> None:
    """Any key and any configuration give a Location that a header can hold, or none."""
    key, replacement, prefix, host = (
        each.encode("utf-8", "replace").decode() for each in (key, replacement, prefix, host)
    )
    redirect = {"ReplaceKeyPrefixWith": replacement, "HostName": host, "HttpRedirectCode": code}
    found = website(rule(redirect, KeyPrefixEquals=prefix, HttpErrorCodeReturnedEquals=error))
    answer = found.redirect(key, query, "h", None)
    assert answer is None or (
        300 <= answer.status < 400 and answer.location.isascii() and answer.location.isprintable()
    )
