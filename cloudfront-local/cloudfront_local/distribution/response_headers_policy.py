"""Response headers policies: headers that CloudFront removes from and adds to the responses of a behavior.

Source: CloudFront Developer Guide, "Understand response headers policies". Managed and custom policies have the same
form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudfront_local.distribution.cors import CORS_PREFIX, Cors, cors_section
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.rules import facts


@dataclass(frozen=True)
class AddedHeader:
    """A security header or custom header. With `override`, it replaces the origin's header of that name. Without, it is
    added only if the origin sent none."""

    name: str
    value: str
    override: bool = False


@dataclass(frozen=True)
class ResponseHeadersPolicy:
    """A policy. `removed` has names in lower case; `server_timing` is the percentage of responses with Server-Timing,
    and None if the policy adds no such header."""

    removed: frozenset[str] = frozenset()
    cors: Cors | None = None
    added: tuple[AddedHeader, ...] = ()
    server_timing: float | None = None

    def applied(self, response: Response, request: Request) -> Response:
        """The response to a viewer's request without the removed headers, then with the added ones. Server-Timing is
        not among them."""
        headers = response.headers.copy()
        for name in self.removed:
            headers.popall(name, None)
        if self.cors and (self.cors.override or not any(name.lower().startswith(CORS_PREFIX) for name in headers)):
            for name, value in self.cors.headers(request):
                headers[name] = value
            if self.cors.origins and "Access-Control-Allow-Origin" in headers:
                headers["Vary"] = ", ".join([*headers.getall("Vary", ()), "Origin"])
        for header in self.added:
            if header.name == "Strict-Transport-Security" and request.scheme == "http":
                continue  # RFC 6797, section 7.2; CloudFront's redirects to HTTPS were seen without it
            if header.override or header.name not in headers:
                headers[header.name] = header.value
        return replace(response, headers=headers)


def response_headers_policy(config: Mapping[str, Any]) -> ResponseHeadersPolicy:
    """The policy of a `ResponseHeadersPolicyConfig` of the CloudFront API.

    Raises ValueError, with what is wrong and what to do, for settings that CloudFront refuses.
    """
    timing = config.get("ServerTimingHeadersConfig", {})
    custom = config.get("CustomHeadersConfig", {}).get("Items") or []
    return ResponseHeadersPolicy(
        removed=frozenset(_removable(item["Header"].lower()) for item in _removed(config)),
        cors=cors_section(config["CorsConfig"]) if config.get("CorsConfig") else None,
        added=(
            *_security(config.get("SecurityHeadersConfig", {})),
            *(AddedHeader(item["Header"], item.get("Value", ""), item["Override"]) for item in custom),
        ),
        server_timing=float(timing.get("SamplingRate", 0)) if timing.get("Enabled") else None,
    )


def _removed(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return config.get("RemoveHeadersConfig", {}).get("Items") or []


def _removable(name: str) -> str:
    if facts.is_kept(name):
        raise ValueError(f"RemoveHeadersConfig: CloudFront does not remove the header {name}. Delete it from the list.")
    return name


def _security(config: Mapping[str, Any]) -> Iterator[AddedHeader]:
    for section, (name, value) in _SECURITY.items():
        if section in config:
            yield AddedHeader(name, value(config[section]), config[section].get("Override", False))


def _hsts(config: Mapping[str, Any]) -> str:
    flags = [("IncludeSubdomains", "includeSubDomains"), ("Preload", "preload")]
    seconds = f"max-age={config['AccessControlMaxAgeSec']}"
    return "; ".join([seconds, *(flag for setting, flag in flags if config.get(setting))])


def _xss_protection(config: Mapping[str, Any]) -> str:
    if not config.get("Protection"):
        return "0"
    if config.get("ModeBlock") and config.get("ReportUri"):
        raise ValueError("XSSProtection: ModeBlock and ReportUri exclude each other. Delete one of them.")
    if config.get("ReportUri"):
        return f"1; report={config['ReportUri']}"
    return "1; mode=block" if config.get("ModeBlock") else "1"


# The sections of `SecurityHeadersConfig`: the header's name, and its value from the section's settings.
_SECURITY: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "ReferrerPolicy": ("Referrer-Policy", lambda config: str(config["ReferrerPolicy"])),
    "ContentSecurityPolicy": ("Content-Security-Policy", lambda config: str(config["ContentSecurityPolicy"])),
    "StrictTransportSecurity": ("Strict-Transport-Security", _hsts),
    "ContentTypeOptions": ("X-Content-Type-Options", lambda _: "nosniff"),
    "FrameOptions": ("X-Frame-Options", lambda config: str(config["FrameOption"])),
    "XSSProtection": ("X-XSS-Protection", _xss_protection),
}
