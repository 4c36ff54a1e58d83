"""E9043 to E9045, E9047 and W9032: settings of a whole distribution that the CloudFront API refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudfront_local.lint.distributions import configs
from cloudfront_local.lint.rule import API, GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import ERROR_PAGE_STATUSES

_ALIAS = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:(?P<region>[a-z0-9-]+):\d{12}:certificate/")
# guide: DownloadDistValuesGeneral, "Default root object"
_ROOT_OBJECT = re.compile(r"[A-Za-z0-9_.*$/~\"'&-]+")
CERTIFICATES = ("AcmCertificateArn", "IamCertificateId")


class ErrorPages(EdgeRule):
    id = "E9043"
    shortdesc = "A custom error response has a status and a page that CloudFront takes"
    description = "CloudFront answers InvalidErrorCode, InvalidResponseCode or IllegalUpdate."
    source_url = GUIDE + "creating-custom-error-pages.html"
    advice = "Give ResponsePagePath and ResponseCode together, the path with a slash, and statuses of the list."

    def findings(self, template: Template) -> Iterator[Finding]:
        allowed = sorted(ERROR_PAGE_STATUSES)
        listed = ", ".join(map(str, allowed))
        for name, config in configs(template):
            for responses in config.get("CustomErrorResponses"):
                for response in responses.items():
                    for code in response.get("ErrorCode"):
                        if code.number is not None and code.number not in ERROR_PAGE_STATUSES:
                            yield Finding(
                                code.path,
                                f"InvalidErrorCode: {name} has a custom error response for {code.number}. There are "
                                f"such responses for {listed}.",
                            )
                    yield from _page(response, [200, *allowed], listed)


def _page(response: Value, allowed: list[int], listed: str) -> Iterator[Finding]:
    paths, codes = list(response.get("ResponsePagePath")), list(response.get("ResponseCode"))
    for code in codes:
        if code.number is not None and code.number not in allowed:
            yield Finding(code.path, f"InvalidResponseCode: {code.number} is neither 200 nor one of {listed}.")
    for path in paths:
        if path.text is not None and not path.text.startswith("/"):
            yield Finding(path.path, f"InvalidArgument: the ResponsePagePath {path.text!r} must begin with a slash.")
    if bool(paths) != bool(codes):
        (alone, *_), missing = (paths, "ResponseCode") if paths else (codes, "ResponsePagePath")
        yield Finding(alone.path, f"IllegalUpdate: {missing} is missing. The two come together.")


class AliasesAndCertificate(EdgeRule):
    id = "E9044"
    shortdesc = "Aliases are domain names, and have a certificate in us-east-1"
    description = "CloudFront answers InvalidViewerCertificate without a certificate from us-east-1 that covers them."
    source_url = GUIDE + "CNAMEs.html"
    advice = "Give ViewerCertificate an ACM certificate in us-east-1 for the names."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            certificates = [value for key in CERTIFICATES for value in config.walk("ViewerCertificate", key)]
            for aliases in config.get("Aliases"):
                items = list(aliases.items())
                if items and not certificates and not any(True for _ in config.get("Fn::Transform")):
                    yield Finding(
                        aliases.path,
                        f"InvalidViewerCertificate: {name} has aliases and no certificate. Give ViewerCertificate an "
                        "AcmCertificateArn.",
                    )
                for alias in items:
                    if alias.text and not _ALIAS.fullmatch(alias.text):
                        yield Finding(alias.path, f"InvalidArgument: the alias {alias.text!r} is no domain name.")
            for certificate in certificates:
                found = _CERTIFICATE.match(certificate.text or "")
                if found and found["region"] != "us-east-1":
                    yield Finding(
                        certificate.path,
                        f"InvalidViewerCertificate: the certificate of {name} is in {found['region']}. CloudFront "
                        "takes those of us-east-1.",
                    )


class OneDistributionPerAlias(EdgeRule):
    id = "E9045"
    shortdesc = "An alias belongs to one distribution"
    description = "CloudFront answers CNAMEAlreadyExists (409)."
    source_url = GUIDE + "CNAMEs.html"
    advice = "Delete the alias from one of the two distributions."

    def findings(self, template: Template) -> Iterator[Finding]:
        first: dict[str, tuple[str, Value]] = {}
        for name, config in configs(template):
            for aliases in config.get("Aliases"):
                for alias in aliases.items():
                    if not alias.text:
                        continue
                    owner, earlier = first.setdefault(alias.text.lower(), (name, alias))
                    if owner != name and alias.deployment.possible(alias.when | earlier.when):
                        yield Finding(
                            alias.path, f"CNAMEAlreadyExists: {alias.text} of {name} is also an alias of {owner}."
                        )


class Countries(EdgeRule):
    id = "E9047"
    shortdesc = "A geographic restriction lists countries by their codes of two letters"
    description = "CloudFront answers InvalidGeoRestrictionParameter to other codes, and to a list without a country."
    source_url = API + "API_GeoRestriction.html"
    advice = "List codes of ISO 3166-1, such as NZ; or write none, without Locations."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            for restriction in config.walk("Restrictions", "GeoRestriction"):
                for kind in restriction.get("RestrictionType"):
                    listed = list(restriction.under(kind.when).get("Locations"))
                    if kind.text in ("whitelist", "blacklist") and all(each.plain == [] for each in listed):
                        yield Finding(
                            kind.path, f"InvalidGeoRestrictionParameter: the {kind.text} of {name} has no Locations."
                        )
                for country in [item for each in restriction.get("Locations") for item in each.items()]:
                    if country.text is not None and not re.fullmatch("[A-Za-z]{2}", country.text):
                        yield Finding(
                            country.path,
                            f"InvalidGeoRestrictionParameter: {country.text!r} is no code of a country, such as NZ.",
                        )


class RootObject(EdgeRule):
    id = "W9032"
    shortdesc = "DefaultRootObject begins without a slash, and has characters of the guide's list"
    description = "With a slash, a request for / can end in an error. CloudFront refuses names that are not valid."
    source_url = GUIDE + "DefaultRootObject.html"
    advice = "Write index.html."
    unverified = (
        "The guide says that the slash can lead to an error (403), and which characters to use. Whether the API "
        "refuses others (InvalidDefaultRootObject) is not known."
    )

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            for root in config.get("DefaultRootObject"):
                if root.text and root.text.startswith("/"):
                    yield Finding(root.path, f"The DefaultRootObject of {name} begins with a slash: delete the slash.")
                elif root.text and (wrong := _ROOT_OBJECT.sub("", root.text)):
                    yield Finding(
                        root.path,
                        f"InvalidDefaultRootObject, perhaps: the DefaultRootObject of {name} has {wrong!r}, which the "
                        "guide does not list. Use letters, digits and _-.*$/~\"'.",
                    )
