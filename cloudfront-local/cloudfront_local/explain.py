"""`cloudfront-local explain URL`: the behavior, functions, cache key and TTLs that a GET of a URL would meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from multidict import CIMultiDict

from cloudfront_local.aws import deployment
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.behaviors import CacheBehavior, match
from cloudfront_local.distribution.cache.store import cache_key
from cloudfront_local.distribution.config import DistributionConfig, named
from cloudfront_local.distribution.failure import function_name
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.policies import Selection
from cloudfront_local.errors import LocalError
from cloudfront_local.rules.facts import EVENT_TYPES, REQUEST_BYTES
from cloudfront_local.serving import laptop, running
from cloudfront_local.serving.window.cache_view import key_parts

PROTOCOLS = {
    "allow-all": "HTTP and HTTPS",
    "redirect-to-https": "HTTPS; HTTP is redirected there",
    "https-only": "HTTPS; HTTP is refused",
}

_SENDABLE = re.compile(rf"[!-~]{{0,{REQUEST_BYTES}}}")

# (the function's ARN) -> its name
Name = Callable[[str], str]


def main(url: str) -> int:
    """Prints what a distribution of the running stack would do with the URL. Nothing is sent. Returns 0.

    `url` is a path, which means the first distribution, or an address of a distribution. Raises LocalError.
    """
    stack = running.read(Path.cwd())
    if stack is None:
        raise LocalError(running.NOT_RUNNING)
    endpoint = running.endpoint(stack)
    ids = dict.fromkeys([stack.distribution_id, *stack.distributions.values()])
    configs = [laptop.configuration(endpoint, each)[0] for each in ids]
    config, path = target(configs, url, stack.url)
    print("\n".join(explained(config, path, _names(endpoint, stack.stack_name))))
    return 0


def explained(config: DistributionConfig, target: str, name: Name) -> Iterator[str]:
    """The lines about a GET request for a path with its query string."""
    uri, _, query = target.partition("?")
    if uri == "/" and config.default_root_object:
        uri = f"/{config.default_root_object}"
        yield f"/ is the default root object, {uri}"
    behavior = match(config.behaviors, uri)
    for row in (*_way(config, behavior, name), *_cache(behavior, Request("GET", uri, query, CIMultiDict()))):
        yield f"{row.name:<16}{row.text}"


@dataclass(frozen=True)
class _Row:
    name: str
    text: str


def _way(config: DistributionConfig, behavior: CacheBehavior, name: Name) -> Iterator[_Row]:
    group = config.origin_groups.get(behavior.origin_id)
    ids = [group.primary, group.secondary] if group else [behavior.origin_id]
    yield _Row("behavior", behavior.path_pattern)
    yield _Row("viewers", PROTOCOLS.get(behavior.viewer_protocol_policy, behavior.viewer_protocol_policy))
    if behavior.trusted_keys:
        yield _Row("signature", "a signed URL or signed cookies are needed")
    arns = {kind: each.function_arn for kind, each in behavior.functions.items()} | dict(behavior.cloudfront_functions)
    for kind in EVENT_TYPES:
        if kind in arns:
            yield _Row(kind, name(arns[kind]))
    for place, each in zip(("origin", "on failure"), ids, strict=False):
        yield _Row(place, f"{each} ({config.origins[each].domain_name}{config.origins[each].path})")
    policy = behavior.origin_request_policy
    for kind, selected in (("headers", policy.headers), ("cookies", policy.cookies), ("query", policy.query_strings)):
        if not selected.is_none:
            yield _Row(f"  also {kind}", _selected(selected))


def _cache(behavior: CacheBehavior, request: Request) -> Iterator[_Row]:
    policy = behavior.cache_policy
    if not policy.caches:
        yield _Row("cache", "nothing is kept: the cache policy's maximum TTL is 0")
        return
    yield _Row(
        "cache key", ", ".join(f"{part} {value}" for part, value in key_parts(cache_key(policy, request)).items())
    )
    for kind, selected in (("headers", policy.headers), ("cookies", policy.cookies), ("query", policy.query_strings)):
        if not selected.is_none:
            yield _Row(f"  with {kind}", _selected(selected))
    ttls = f"at least {policy.min_ttl} s, at most {policy.max_ttl} s, {policy.default_ttl} s if the origin says nothing"
    yield _Row("kept for", ttls)


def _selected(selection: Selection) -> str:
    names = ", ".join(sorted(selection.names))
    match selection.behavior:
        case "allExcept":
            return f"all but {names}"
        case "allViewerAndWhitelistCloudFront":
            return f"all of the viewer's, and {names}"
        case _ if selection.is_all:
            return "all"
    return names


def target(configs: Sequence[DistributionConfig], url: str, served: str) -> tuple[DistributionConfig, str]:
    """The distribution that answers a URL, and the path with the query string. `served` is the first one's address.

    Raises LocalError for another host's URL, and for a URL that CloudFront refuses.
    """
    if not _SENDABLE.fullmatch(url):
        raise LocalError(
            "CloudFront refuses this URL: it has spaces or characters that are not ASCII, or more than "
            f"{REQUEST_BYTES} bytes. Percent-encode such characters: %20 for a space."
        )
    try:
        parts = urlsplit(url if "://" in url or url.startswith("/") else f"/{url}")
    except ValueError as error:
        raise LocalError(f"{url!a} is no URL: {error}.") from None
    own = urlsplit(served)
    here = {f"{host}:{own.port}" for host in (own.hostname, "localhost", "[::1]")}
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    if not parts.netloc or parts.netloc.lower() in here:
        return configs[0], path
    chosen = configs[named(configs, parts.netloc)]
    if not chosen.is_named(parts.netloc):
        names = ", ".join(dict.fromkeys([own.netloc, *(name for each in configs for name in each.names)]))
        raise LocalError(f"{parts.netloc} is no name of a distribution. Their names: {names}.")
    return chosen, path


def _names(endpoint: Endpoint, stack_name: str) -> Name:
    """Functions by their logical ids, else by their names on AWS."""
    ids = deployment.logical_ids(endpoint, stack_name)

    def name(arn: str) -> str:
        own = arn.rpartition("/")[2] if ":cloudfront:" in arn else function_name(arn)
        return ids.get(own) or ids.get(arn) or own

    return name
