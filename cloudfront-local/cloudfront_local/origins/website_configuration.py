"""The website configuration of an S3 bucket: its documents, and where it redirects requests.

Sources: Amazon S3 User Guide, "Configuring an index document" and "(Optional) Configuring a webpage redirect".
Redirects by rules keep the query string, those to a folder drop it: gatsby-uc/gatsby-plugin-s3#51,
cloud-gov/pages-core#804.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_REDIRECT_CODE = re.compile(r"3[0-9]{2}")
# All printable characters of URLs. A configuration may hold any others, and they would break the header Location.
_PRINTABLE = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Redirect:
    """A redirect of a viewer. `location` is a URL, or a path on the host that the viewer asked."""

    status: int
    location: str


@dataclass(frozen=True)
class RoutingRule:
    """One rule. `error` is the status that it waits for; with None, it holds before S3 looks for the object.

    `protocol` and `host` are empty for those of the request. Either `prefix_replacement` or `key_replacement`, or
    neither, is given.
    """

    prefix: str = ""
    error: int | None = None
    protocol: str = ""
    host: str = ""
    prefix_replacement: str | None = None
    key_replacement: str | None = None
    status: int = 301

    def holds(self, key: str, error: int | None) -> bool:
        """Whether both conditions hold for a key, and the error status that it got, if any."""
        return self.error == error and key.startswith(self.prefix)

    def redirect(self, key: str, query: str, host: str) -> Redirect:
        path = quoted(key)
        if self.key_replacement is not None:
            path = _printable(self.key_replacement)
        elif self.prefix_replacement is not None:
            path = _printable(self.prefix_replacement) + quoted(key.removeprefix(self.prefix))
        return Redirect(self.status, _url(self.protocol, self.host or host, path, query))


@dataclass(frozen=True)
class Website:
    """A bucket's website. `error_document` is empty if there is none. A website has rules, or sends all requests to the
    protocol and the host of `all_to`."""

    index_document: str = "index.html"
    error_document: str = ""
    all_to: tuple[str, str] | None = None
    rules: tuple[RoutingRule, ...] = ()

    def redirect(self, key: str, query: str, host: str, error: int | None = None) -> Redirect | None:
        """The redirect of a request for a key with its query string, or of the error that the request got.

        `host` is the host that the request names. The first rule that holds counts.
        """
        if self.all_to:
            return Redirect(301, _url(*self.all_to, quoted(key), query))
        return next((rule.redirect(key, query, host) for rule in self.rules if rule.holds(key, error)), None)


def quoted(key: str) -> str:
    """An object's key as the path of a URL, without the slash before it. It may hold bytes that are not UTF-8."""
    return quote(key, safe="/!*'()~", errors="surrogateescape")


def _url(protocol: str, host: str, path: str, query: str) -> str:
    separator = ("&" if "?" in path else "?") if query else ""
    return f"{protocol or 'http'}://{_printable(host)}/{path}{separator}{_printable(query)}"


def _printable(text: str) -> str:
    return quote(text, safe=_PRINTABLE)


def website(answer: Mapping[str, Any]) -> Website:
    """The website in an answer of GetBucketWebsite."""
    whole = answer.get("RedirectAllRequestsTo")
    return Website(
        index_document=answer.get("IndexDocument", {}).get("Suffix", ""),
        error_document=answer.get("ErrorDocument", {}).get("Key", ""),
        all_to=(whole.get("Protocol", ""), whole["HostName"]) if whole else None,
        rules=tuple(_rules(answer.get("RoutingRules", ()))),
    )


def _rules(items: Iterable[Mapping[str, Any]]) -> Iterable[RoutingRule]:
    for item in items:
        condition, redirect = item.get("Condition", {}), item["Redirect"]
        error, code = condition.get("HttpErrorCodeReturnedEquals", ""), redirect.get("HttpRedirectCode", "")
        yield RoutingRule(
            prefix=condition.get("KeyPrefixEquals", ""),
            error=int(error) if re.fullmatch("[0-9]{3}", error) else None,
            protocol=redirect.get("Protocol", ""),
            host=redirect.get("HostName", ""),
            prefix_replacement=redirect.get("ReplaceKeyPrefixWith"),
            key_replacement=redirect.get("ReplaceKeyWith"),
            status=int(code) if _REDIRECT_CODE.fullmatch(code) else 301,
        )
