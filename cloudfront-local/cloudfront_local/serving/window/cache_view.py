"""Why a request was a hit or a miss, and what decided how long the object stays in the cache."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from cloudfront_local.distribution.cache import expiration
from cloudfront_local.distribution.cache.store import CacheEntry, CacheKey
from cloudfront_local.distribution.messages import Response
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.distribution.trace import Looked, Trace
from cloudfront_local.serving.window.masking import Masking


def result(trace: Trace) -> str:
    """The words of X-Cache without `from cloudfront`: `Hit`, `Miss`, `RefreshHit`, `LambdaValidationError`, ..."""
    return trace.x_cache.replace(" from cloudfront", "")


def cache(trace: Trace, mask: Masking) -> dict[str, Any] | None:
    """The look into the cache; None if the request did not get there."""
    if trace.behavior is None:
        return None
    policy = trace.behavior.cache_policy
    if trace.looked is None:
        if not trace.asked:
            return None
        reason = _uncached(policy, trace.request.method)
        return {"result": result(trace), "reason": reason, "key": [], "nearest": None, "ttl": None}
    looked = trace.looked
    parts = _compared(looked, mask)
    return {
        "result": result(trace),
        "reason": _reason(looked, [part["part"] for part in parts if part["differs"]]),
        "key": parts,
        "nearest": mask.target(looked.nearest.target) if looked.nearest else None,
        "ttl": _ttl(policy, looked),
    }


def objects(entries: list[tuple[CacheKey, CacheEntry]], now: float) -> list[dict[str, Any]]:
    """The objects in the cache, the least recently used first, without secrets."""
    mask = Masking(set())
    return [
        {
            "target": mask.target(key.target),
            "key": [{"part": part, "value": _masked(mask, part, value)} for part, value in key_parts(key).items()],
            "status": entry.response.status,
            "bytes": entry.size,
            "age": round(now - entry.stored_at, 3),
            "fresh_for": round(max(0.0, entry.expires_at - now), 3),
        }
        for key, entry in entries
    ]


def _uncached(policy: CachePolicy, method: str) -> str:
    if not policy.caches:
        return "The behavior's cache policy caches nothing: its maximum TTL is 0."
    return f"CloudFront does not cache answers to {method} here: they are not among CachedMethods."


def _reason(looked: Looked, different: list[str]) -> str:
    waited = " It waited for a request of the same object that was under way." if looked.waited else ""
    if looked.state == "fresh":
        return f"A fresh object is kept under this key.{waited}"
    if looked.state == "expired":
        return "The object under this key has expired: CloudFront asks the origin whether it is still valid."
    if not different:
        return f"No object is kept under this path.{waited}"
    names = ", ".join(different)
    return f"An object of this path is kept, but the key differs in: {names}.{waited}"


def key_parts(key: CacheKey) -> dict[str, str]:
    """The parts of a cache key with their values."""
    uri, is_options, query, cookies, headers, encoding = key.selected
    parts = {"Path": str(uri)}
    if is_options:
        parts["Method"] = "OPTIONS"
    for name, value in _pairs(str(query), "&"):
        parts[_free(parts, f"Query: {name}")] = value
    for name, value in _pairs(str(cookies), ";"):
        parts[_free(parts, f"Cookie: {name}")] = value
    for name, value in headers:  # type: ignore[attr-defined]
        parts[_free(parts, f"Header: {_capitalized(name)}")] = value
    if encoding:
        parts["Encoding"] = str(encoding)
    if key.variant:
        parts["Method" if key.variant == "HEAD" else "Range"] = key.variant
    return parts


def _pairs(text: str, separator: str) -> Iterator[tuple[str, str]]:
    for part in text.split(separator):
        if part:
            name, _, value = part.strip().partition("=")
            yield name, value


def _free(parts: dict[str, str], name: str) -> str:
    """A name that is not taken: a parameter may come twice."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(each for each in [name, *itertools.islice(numbered, len(parts))] if each not in parts)


def _capitalized(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


def _compared(looked: Looked, mask: Masking) -> list[dict[str, Any]]:
    """The parts of the key, beside those of the nearest object."""
    own, near = key_parts(looked.key), key_parts(looked.nearest) if looked.nearest else None
    names = list(dict.fromkeys([*own, *(near or {})]))
    return [
        {
            "part": name,
            "value": _masked(mask, name, own.get(name)),
            "nearest": _masked(mask, name, near.get(name)) if near else None,
            "differs": near is not None and own.get(name) != near.get(name),
        }
        for name in names
    ]


def _masked(mask: Masking, part: str, value: str | None) -> str | None:
    if value is None:
        return None
    kind, _, name = part.partition(": ")
    if kind == "Header":
        return mask.header(name, value)
    if kind == "Cookie":
        return mask.header("Cookie", f"{name}={value}").partition("=")[2]
    if kind == "Query":
        return mask.target(f"{name}={value}").partition("=")[2]
    return mask.text(value)


def _ttl(policy: CachePolicy, looked: Looked) -> dict[str, Any] | None:
    if looked.kept is None:
        return None
    status, headers, error_ttl, stored_at = looked.kept
    response = Response(status, headers)
    lives = expiration.lifetime(policy, response, error_ttl, stored_at)
    by = expiration.decided_by(policy, response, error_ttl, stored_at)
    if lives is None:
        return {"seconds": 0.0, "decided_by": by, "sentence": f"The answer is not cached: {by} decides so."}
    sentence = f"The object is fresh for {lives.fresh:g} s after it was cached: {by} decides so."
    return {"seconds": lives.fresh, "decided_by": by, "sentence": sentence}
