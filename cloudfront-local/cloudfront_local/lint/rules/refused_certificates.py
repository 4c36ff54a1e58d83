"""E9051: the viewer certificate's settings that the CloudFront API refuses together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from cloudfront_local.lint.distributions import configs
from cloudfront_local.lint.rule import API, EdgeRule, Finding
from cloudfront_local.lint.settings import together
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value

KINDS = ("AcmCertificateArn", "IamCertificateId", "CloudFrontDefaultCertificate")


class ViewerCertificate(EdgeRule):
    id = "E9051"
    shortdesc = "A viewer certificate is one certificate, with a way to serve it"
    description = "CloudFront answers InvalidViewerCertificate or InvalidProtocolSettings."
    source_url = API + "API_ViewerCertificate.html"
    advice = "Name one certificate, SslSupportMethod sni-only, and a MinimumProtocolVersion such as TLSv1.2_2021."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            for certificate in config.get("ViewerCertificate"):
                yield from _certificates(name, certificate)
                for version in certificate.get("MinimumProtocolVersion"):
                    for method in certificate.under(version.when).get("SslSupportMethod"):
                        if (version.text, method.text) == ("SSLv3", "sni-only"):
                            yield Finding(
                                version.path,
                                f"InvalidProtocolSettings: {name} has SSLv3 with sni-only. SSLv3 has no SNI: write "
                                "TLSv1.2_2021.",
                            )


def _certificates(name: str, certificate: Value) -> Iterator[Finding]:
    named = [value for key in KINDS for value in certificate.get(key) if key != KINDS[-1] or value.true]
    for one, other in combinations(named, 2):
        if one.path[-1] != other.path[-1] and together(one, other):
            yield Finding(
                other.path, f"InvalidViewerCertificate: {name} has {_key(one)} and {_key(other)}. Keep one of them."
            )
    for value in named:
        if _key(value) != KINDS[-1] and not _maybe(certificate.under(value.when), "SslSupportMethod"):
            yield Finding(
                value.path,
                f"InvalidViewerCertificate: {name} has {_key(value)} without SslSupportMethod. Add sni-only.",
            )


def _key(value: Value) -> str:
    return next(str(step) for step in reversed(value.path) if step in KINDS)


def _maybe(value: Value, key: str) -> bool:
    """Whether the key is there in some deployment."""
    return any(True for _ in value.get(key)) or "Fn::Transform" in value.plain
