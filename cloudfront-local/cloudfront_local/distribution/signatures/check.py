"""The check of a request to a behavior that serves private content.

Source: Developer Guide, "Serve private content with signed URLs and signed cookies".
"""

from __future__ import annotations

import re

from cloudfront_local.distribution import journal, pages, unverified
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.limits import shown
from cloudfront_local.distribution.messages import Request
from cloudfront_local.distribution.pages import AccessRefused
from cloudfront_local.distribution.signatures import policy
from cloudfront_local.distribution.signatures.keys import HASHES, TrustedKeys
from cloudfront_local.distribution.signatures.parts import Parts, parts_of, without_parts
from cloudfront_local.distribution.signatures.policy import Malformed, TooLate
from cloudfront_local.distribution.signatures.resource import covers
from cloudfront_local.distribution.unverified import Unverified


def refuse_unsigned(behavior: CacheBehavior, request: Request, now: float, told: Unverified) -> None:
    """Raises AccessRefused unless a key that the behavior trusts has signed a policy that allows the request at the
    Unix time `now`. Does nothing if the behavior serves everybody.

    The terminal says why a request is refused, and shows neither signature nor policy.
    """
    trusted = behavior.trusted_keys
    if trusted is None:
        return
    parts = parts_of(request)
    if not parts.key_pair_id:
        raise _refused(pages.MISSING_KEY, "The URL is not signed, and the request has no signed cookies")
    if parts.key_pair_id not in trusted:
        known = ", ".join(trusted.keys) or "none"
        raise _refused(
            pages.UNKNOWN_KEY,
            f"The Key-Pair-Id {shown(parts.key_pair_id)} is not trusted. The trusted keys are: {known}",
        )
    if parts.hash_algorithm:
        told.tell(unverified.HASH_ALGORITHM)
    if behavior.forwards_cookies and parts.are_cookies:
        told.tell(unverified.SIGNED_COOKIES)
    try:
        _check(trusted, parts, request, now, told)
    except Malformed as error:
        if isinstance(error, TooLate):
            told.tell(unverified.LATE_DATE)
        raise _refused(pages.MALFORMED_POLICY, f"The policy cannot be read: {error}") from None


def _check(trusted: TrustedKeys, parts: Parts, request: Request, now: float, told: Unverified) -> None:
    """Raises AccessRefused and Malformed."""
    if parts.hash_algorithm not in HASHES:
        told.tell(unverified.OTHER_REFUSALS)
        raise _denied(f"The Hash-Algorithm {shown(parts.hash_algorithm)} is neither SHA1 nor SHA256")
    if not (parts.policy or parts.expires):
        told.tell(unverified.OTHER_REFUSALS)
        raise Malformed("neither Policy nor Expires is there")
    try:
        signature = policy.decoded(parts.signature)
    except Malformed as error:
        told.tell(unverified.OTHER_REFUSALS)
        raise _denied(f"The Signature cannot be read: {error}") from None
    if not signature:
        told.tell(unverified.OTHER_REFUSALS)
        raise _denied("The Signature is missing")
    urls = _urls(request)
    if parts.policy:
        text = policy.decoded(parts.policy)
        allowed = policy.custom(text)
        signed = trusted.verifies(parts.key_pair_id, signature, text, parts.hash_algorithm)
    else:
        allowed = policy.canned(urls[0], parts.expires)
        signed = any(
            trusted.verifies(
                parts.key_pair_id, signature, policy.canned_text(url, parts.expires).encode(), parts.hash_algorithm
            )
            for url in urls
        )
    if not signed:
        what = "the policy" if parts.policy else f"the URL {' or '.join(map(_named, urls))} with this Expires"
        raise _denied(f"The Signature is not that of {what} by the key {parts.key_pair_id}")
    if reason := allowed.refusal(now, request.client_ip):
        raise _denied(f"The policy does not allow the request: {reason}")
    if parts.policy:
        _refuse_elsewhere(allowed.resource, urls, told)


def _urls(request: Request) -> list[str]:
    """The URL as the viewer sent it, and at the distribution's own name: an application may sign either.

    The parts of the signature are not in the URL.
    """
    target = without_parts(request).target
    own = f"https://{request.headers.get('Host', '')}"
    return [f"{base}{target}" for base in dict.fromkeys([request.visited or own, own])]


def _refuse_elsewhere(resource: str, urls: list[str], told: Unverified) -> None:
    """Raises AccessRefused if the resource of a custom policy covers none of the URLs."""
    if "\\?" in resource:
        told.tell(unverified.ESCAPED_QUERY)
    if any(covers(resource, url) for url in urls):
        return
    if any(covers(resource.lower(), url.lower()) for url in urls):
        told.tell(unverified.CASE_OF_RESOURCE)
    raise _denied(f"The policy is for {_named(resource)}, and the URL is {' or '.join(map(_named, urls))}")


def _named(url: str) -> str:
    """A URL for the terminal: without the values in its query string, which may be secret."""
    path, separator, query = url.partition("?")
    return shown(path + separator + re.sub("=[^&]*", "=...", query))


def _denied(reason: str) -> AccessRefused:
    return _refused(pages.ACCESS_DENIED, reason)


def _refused(error: tuple[str, str], reason: str) -> AccessRefused:
    journal.remark(f"{reason}.")
    return AccessRefused(*error)
