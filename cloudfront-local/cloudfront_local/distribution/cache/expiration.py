"""How long a response stays in the cache.

Source: CloudFront Developer Guide, "Manage how long content stays in the cache (expiration)", "Control how long
CloudFront caches errors" and "How CloudFront caches HTTP 4xx and 5xx status codes".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from multidict import CIMultiDict

from cloudfront_local.distribution.cache.dates import unix_time
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.policies import CachePolicy

# Cached for the TTL that the origin and the cache policy give.
_CACHEABLE = frozenset({200, 203, 204, 206, 300, 301, 302, 307, 308})
# Cached for the error caching minimum TTL, or longer if the origin says so.
_ERRORS = frozenset({404, 414, 500, 501, 502, 503, 504})
# Cached only if the origin sends max-age or s-maxage. 401 and 416 are never cached.
_ERRORS_ON_REQUEST = frozenset({400, 403, 405, 412, 415})
# Not cached with `no-store`, `no-cache` or `private`. These directives have no effect on the other errors.
_ERRORS_NO_STORE = frozenset({404, 414, 501})

_NOT_STORED = frozenset({"no-cache", "no-store", "private"})


@dataclass(frozen=True)
class Lifetime:
    """How long a cached response may be used, in seconds. `fresh` begins when the response is stored; the other two
    begin when it expires."""

    fresh: float
    stale_while_revalidate: float = 0.0
    stale_if_error: float = math.inf


def lifetime(policy: CachePolicy, response: Response, error_min_ttl: float, now: float) -> Lifetime | None:
    """How long a response may be used; None if it is not cacheable. `error_min_ttl` is the error caching minimum TTL of
    its status, in seconds. `now` is the current Unix time, to compare with `Expires`.

    A response that is fresh for 0 s (`max-age=0`) is cached, too: CloudFront then revalidates it on every request.
    """
    directives = _cache_control(response.headers)
    if response.status in _CACHEABLE:
        fresh = _object_ttl(policy, response.headers, directives, now)
        return None if fresh is None else _lifetime(policy, fresh, directives)
    ttl = _error_ttl(policy, response, directives, error_min_ttl, now)
    return Lifetime(ttl) if ttl else None


def decided_by(policy: CachePolicy, response: Response, error_min_ttl: float, now: float) -> str:
    """The header or the setting that decides about `lifetime`, such as `Cache-Control: max-age=60` or `MinTTL`."""
    directives = _cache_control(response.headers)
    lives = lifetime(policy, response, error_min_ttl, now)
    stated, header = _stated(response.headers, directives, now), _stating(response.headers, directives)
    forbidden = f"Cache-Control: {', '.join(sorted(directives.keys() & _NOT_STORED))}"
    if response.status not in _CACHEABLE:
        if lives is None:
            forbids = directives.keys() & _NOT_STORED and response.status in _ERRORS_NO_STORE
            return forbidden if forbids else f"the status {response.status}"
        return header if stated is not None and lives.fresh > error_min_ttl else "the error caching minimum TTL"
    if directives.keys() & _NOT_STORED:
        return f"MinTTL of the cache policy, in spite of {forbidden}" if lives else forbidden
    if response.headers.get("Vary", "").strip() == "*":
        return "MinTTL of the cache policy, in spite of Vary: *" if lives else "Vary: *"
    if stated is None:
        return f"{'MinTTL' if policy.min_ttl > policy.default_ttl else 'DefaultTTL'} of the cache policy"
    if stated < policy.min_ttl:
        return f"MinTTL of the cache policy, which is above {header}"
    return f"MaxTTL of the cache policy, which is below {header}" if stated > policy.max_ttl else header


def _stating(headers: CIMultiDict[str], directives: dict[str, str]) -> str:
    """The header in which the origin states the seconds of `_stated`."""
    for name in ("s-maxage", "max-age"):
        if _seconds(directives, name) is not None:
            return f"Cache-Control: {name}={directives[name]}"
    return f"Expires: {headers.get('Expires', '')}"


def _lifetime(policy: CachePolicy, fresh: float, directives: dict[str, str]) -> Lifetime:
    """CloudFront honors stale-while-revalidate and stale-if-error up to the maximum TTL."""
    while_revalidating, if_error = (_seconds(directives, name) for name in ("stale-while-revalidate", "stale-if-error"))
    return Lifetime(
        fresh,
        min(while_revalidating or 0.0, policy.max_ttl),
        math.inf if if_error is None else min(if_error, policy.max_ttl),
    )


def _object_ttl(policy: CachePolicy, headers: CIMultiDict[str], directives: dict[str, str], now: float) -> float | None:
    if directives.keys() & _NOT_STORED or headers.get("Vary", "").strip() == "*":
        # CloudFront caches even these for the minimum TTL, if that is above 0.
        return float(policy.min_ttl) or None
    stated = _stated(headers, directives, now)
    if stated is None:
        return float(max(policy.min_ttl, policy.default_ttl))
    return min(max(stated, policy.min_ttl), policy.max_ttl)


def _error_ttl(
    policy: CachePolicy, response: Response, directives: dict[str, str], min_ttl: float, now: float
) -> float:
    if response.status in _ERRORS_NO_STORE and directives.keys() & _NOT_STORED:
        return 0.0
    if response.status in _ERRORS:
        stated = _stated(response.headers, directives, now) or 0.0
    elif response.status in _ERRORS_ON_REQUEST and (max_age := _max_age(directives)) is not None:
        stated = max_age
    else:
        return 0.0
    return max(min_ttl, min(stated, policy.max_ttl))


def _cache_control(headers: CIMultiDict[str]) -> dict[str, str]:
    directives = (part.strip() for value in headers.getall("Cache-Control", ()) for part in value.split(","))
    pairs = (directive.partition("=") for directive in directives if directive)
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _stated(headers: CIMultiDict[str], directives: dict[str, str], now: float) -> float | None:
    """The seconds that the origin states in `s-maxage`, else in `max-age`, else in `Expires`; None if in none."""
    max_age = _max_age(directives)
    return _until(headers.get("Expires"), now) if max_age is None else max_age


def _max_age(directives: dict[str, str]) -> float | None:
    shared = _seconds(directives, "s-maxage")
    return _seconds(directives, "max-age") if shared is None else shared


def _seconds(directives: dict[str, str], name: str) -> float | None:
    """A directive's value. A value that is not a number counts as absent."""
    value = directives.get(name, "")
    return float(value) if value.isascii() and value.isdecimal() else None


def _until(expires: str | None, now: float) -> float | None:
    if expires is None:
        return None
    expires_at = unix_time(expires)
    return 0.0 if expires_at is None else max(0.0, expires_at - now)  # RFC 9111, section 5.3: an invalid date is past
