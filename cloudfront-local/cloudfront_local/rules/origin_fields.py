"""Rules for the value of each field of an origin."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from cloudfront_local.rules import facts
from cloudfront_local.rules.headers import STRUCTURE
from cloudfront_local.rules.rule import Rule, rule


class Field(NamedTuple):
    """The rule for a field, and the function that tells whether a value keeps the rule."""

    rule: Rule
    valid: Callable[[Any], bool]


origin_rule = partial(rule, source=STRUCTURE, sentence=facts.SENTENCE_ORIGIN)

DOMAIN_NAME = origin_rule(
    "origin-domain-name",
    f"A custom origin's domain name is a DNS name of up to {facts.ORIGIN_DOMAIN_NAME_CHARACTERS['custom']} characters",
    allowed="a DNS name, without a scheme or a port; no IP address",
    advice="Give the domain name alone. The rest belongs in `protocol`, `port` and `path`.",
)
S3_DOMAIN_NAME = origin_rule(
    "origin-s3-domain-name",
    "An s3 origin's domain name is a DNS name in lower case, "
    f"of up to {facts.ORIGIN_DOMAIN_NAME_CHARACTERS['s3']} characters",
    allowed="a bucket's domain name, such as bucket.s3.eu-west-1.amazonaws.com",
    advice="Give the domain name alone. The rest belongs in `path`.",
)
ORIGIN_PATH = origin_rule(
    "origin-path",
    "An origin's path is empty, or starts with / and does not end with /",
    allowed='"", or a path that starts with / and does not end with /',
    advice='Use "" for the root.',
)
CUSTOM_PATH = origin_rule(
    "origin-custom-path",
    f"A custom origin's path is URL-encoded and at most {facts.ORIGIN_PATH_CHARACTERS} characters long",
    allowed=f"at most {facts.ORIGIN_PATH_CHARACTERS} characters that RFC 3986 allows in a path",
    advice="Encode the path with urllib.parse.quote. The path of the request belongs in `uri`.",
)
PORT = origin_rule(
    "origin-port",
    f"A custom origin's port is 80, 443 or {facts.ORIGIN_PORT_MIN} to {facts.ORIGIN_PORT_MAX}",
    allowed=f"80, 443 or {facts.ORIGIN_PORT_MIN} to {facts.ORIGIN_PORT_MAX}, as a number",
    advice="CloudFront connects to no other port.",
)
PROTOCOL = origin_rule(
    "origin-protocol",
    "A custom origin's protocol is http or https",
    allowed=" or ".join(facts.ORIGIN_PROTOCOLS),
    advice='Choose one of them: "match-viewer" is a setting of distributions only.',
)
KEEPALIVE_TIMEOUT = origin_rule(
    "origin-keepalive-timeout",
    "A custom origin's keep-alive timeout is "
    f"{facts.ORIGIN_KEEPALIVE_SECONDS_MIN} to {facts.ORIGIN_KEEPALIVE_SECONDS_MAX} seconds",
    allowed=f"a whole number, {facts.ORIGIN_KEEPALIVE_SECONDS_MIN} to {facts.ORIGIN_KEEPALIVE_SECONDS_MAX}",
    advice="Give the timeout in seconds.",
)
READ_TIMEOUT = origin_rule(
    "origin-read-timeout",
    f"An origin's read timeout is {facts.ORIGIN_READ_SECONDS_MIN} to {facts.ORIGIN_READ_SECONDS_MAX} seconds",
    allowed=f"a whole number, {facts.ORIGIN_READ_SECONDS_MIN} to {facts.ORIGIN_READ_SECONDS_MAX}",
    advice="Give the timeout in seconds. AWS raises the upper limit on request.",
)
SSL_PROTOCOLS = origin_rule(
    "origin-ssl-protocols",
    f"A custom origin's SSL protocols are among {', '.join(facts.ORIGIN_SSL_PROTOCOLS)}",
    allowed=f"a list of one or more of {', '.join(facts.ORIGIN_SSL_PROTOCOLS)}",
    advice='Use ["TLSv1.2"].',
)
AUTH_METHOD = origin_rule(
    "origin-auth-method",
    "An s3 origin's authMethod is none or origin-access-identity",
    allowed=" or ".join(facts.S3_AUTH_METHODS),
    advice='An origin with an origin access control has authMethod "none".',
)
REGION = origin_rule(
    "origin-region",
    "An s3 origin's region is a string",
    allowed="a bucket's Region, such as eu-west-1",
    advice="Give the bucket's Region.",
)

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
DNS_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# RFC 3986 section 3.3: the characters that a path may contain, and percent-encoded ones.
URL_ENCODED_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")


def _is_dns_name(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and DNS_NAME.fullmatch(value) is not None


def _is_domain_name(value: object) -> bool:
    return _is_dns_name(value, facts.ORIGIN_DOMAIN_NAME_CHARACTERS["custom"]) and not _is_ip_address(value)


def _is_ip_address(value: object) -> bool:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return False
    return True


def _is_s3_domain_name(value: object) -> bool:
    return _is_dns_name(value, facts.ORIGIN_DOMAIN_NAME_CHARACTERS["s3"]) and value == str(value).lower()


def _is_path(value: object) -> bool:
    return isinstance(value, str) and (value == "" or (value.startswith("/") and not value.endswith("/")))


def _is_custom_path(value: object) -> bool:
    if not isinstance(value, str):
        return True  # ORIGIN_PATH reports a value that is no string
    return len(value) <= facts.ORIGIN_PATH_CHARACTERS and URL_ENCODED_PATH.fullmatch(value) is not None


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high  # to isinstance, a boolean is an int


def _is_port(value: object) -> bool:
    return any(_is_whole(value, port, port) for port in facts.ORIGIN_PORTS) or _is_whole(
        value, facts.ORIGIN_PORT_MIN, facts.ORIGIN_PORT_MAX
    )


def _is_protocol(value: object) -> bool:
    return value in facts.ORIGIN_PROTOCOLS


def _is_keepalive_timeout(value: object) -> bool:
    return _is_whole(value, facts.ORIGIN_KEEPALIVE_SECONDS_MIN, facts.ORIGIN_KEEPALIVE_SECONDS_MAX)


def _is_read_timeout(value: object) -> bool:
    return _is_whole(value, facts.ORIGIN_READ_SECONDS_MIN, facts.ORIGIN_READ_SECONDS_MAX)


def _are_ssl_protocols(value: object) -> bool:
    return isinstance(value, list) and value != [] and all(name in facts.ORIGIN_SSL_PROTOCOLS for name in value)


def _is_auth_method(value: object) -> bool:
    return value in facts.S3_AUTH_METHODS


def _is_string(value: object) -> bool:
    return isinstance(value, str)


FIELDS: dict[str, list[tuple[str, Field]]] = {
    "custom": [
        ("domainName", Field(DOMAIN_NAME, _is_domain_name)),
        ("path", Field(ORIGIN_PATH, _is_path)),
        ("path", Field(CUSTOM_PATH, _is_custom_path)),
        ("port", Field(PORT, _is_port)),
        ("protocol", Field(PROTOCOL, _is_protocol)),
        ("keepaliveTimeout", Field(KEEPALIVE_TIMEOUT, _is_keepalive_timeout)),
        ("readTimeout", Field(READ_TIMEOUT, _is_read_timeout)),
        ("sslProtocols", Field(SSL_PROTOCOLS, _are_ssl_protocols)),
    ],
    "s3": [
        ("domainName", Field(S3_DOMAIN_NAME, _is_s3_domain_name)),
        ("path", Field(ORIGIN_PATH, _is_path)),
        ("readTimeout", Field(READ_TIMEOUT, _is_read_timeout)),
        ("authMethod", Field(AUTH_METHOD, _is_auth_method)),
        ("region", Field(REGION, _is_string)),
    ],
}
"""By kind of origin, each field's name and its rule. custom_headers.py has the rules for custom headers."""
