"""E9030 to E9032, E9034 and W9030: origins and origin groups that the CloudFront API refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cloudfront_local.lint.distributions import Behavior, associations, behaviors, configs, origins, origins_behind
from cloudfront_local.lint.rule import API, GUIDE, EdgeRule, Finding
from cloudfront_local.lint.settings import counts, longest, together
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import FAILOVER_STATUSES, ORIGIN_EVENTS

_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_REST_ENDPOINT = re.compile(r"[^/]+\.s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_WEBSITE_ENDPOINT = re.compile(r"[^/]+\.s3-website[.-][a-z0-9-]+\.amazonaws\.com(\.cn)?")
CONFIGS = ("CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig")


class KnownOrigin(EdgeRule):
    id = "E9030"
    shortdesc = "TargetOriginId and the members of a group name origins of the distribution"
    description = "CloudFront answers NoSuchOrigin: one or more of your origins or origin groups do not exist."
    source_url = API + "API_CreateDistribution.html"
    advice = "Name the Id of an origin, or of an origin group."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            ids = [id_ for items in config.get("Origins") for item in items.items() for id_ in item.get("Id")]
            groups = [group for items in config.walk("OriginGroups", "Items") for group in items.items()]
            group_ids = [id_ for group in groups for id_ in group.get("Id")]
            members = [
                id_
                for group in groups
                for listed in group.walk("Members", "Items")
                for member in listed.items()
                for id_ in member.get("OriginId")
            ]
            yield from _unknown(name, members, ids)
            targets = [
                target
                for behavior in behaviors(template)
                if behavior.distribution == name
                for target in behavior.value.get("TargetOriginId")
            ]
            yield from _unknown(name, targets, [*ids, *group_ids])


def _unknown(name: str, used: list[Value], ids: list[Value]) -> Iterator[Finding]:
    known = [id_.text for id_ in ids]
    if None in known:
        return  # Only the deployment knows an id: I9001 says so.
    for each in used:
        there = [id_.when for id_ in ids if id_.text == each.text]
        if each.text is not None and each.deployment.without(each.when, there) is not None:
            lacking = " under some conditions" if there else f". Its origins are {', '.join(map(str, known))}"
            yield Finding(each.path, f"NoSuchOrigin: {name} has no origin {each.text}{lacking}: name one of them.")


class OriginAddress(EdgeRule):
    id = "E9031"
    shortdesc = "An origin's DomainName is a domain name, and its OriginPath begins with a slash and ends without one"
    description = "CloudFront refuses a URL as the domain name, and another form of the path (InvalidRelativePath)."
    source_url = GUIDE + "DownloadDistValuesOrigin.html"
    advice = "Write the domain name alone, and the path as /path."

    def findings(self, template: Template) -> Iterator[Finding]:
        for origin in origins(template):
            for domain in origin.value.get("DomainName"):
                if domain.text is not None and not _DOMAIN.fullmatch(domain.text):
                    yield Finding(
                        domain.path,
                        f"InvalidArgument: The parameter origin name must be a domain name. {origin} has "
                        f"{domain.text!r}: leave out scheme, port and path.",
                    )
            for path in origin.value.get("OriginPath"):
                if path.text and (not path.text.startswith("/") or path.text.endswith("/")):
                    yield Finding(
                        path.path,
                        f"InvalidRelativePath: the OriginPath of {origin} is {path.text!r}. Begin it with a slash, and "
                        "end it without one.",
                    )


class OriginKind(EdgeRule):
    id = "E9032"
    shortdesc = "An origin has the configuration of its kind: S3, custom or VPC"
    description = (
        "CloudFront refuses an origin with two kinds or none, a bucket's REST endpoint with neither S3OriginConfig nor "
        "CustomOriginConfig, a website endpoint with S3OriginConfig, and an origin with both forms of access."
    )
    source_url = GUIDE + "DownloadDistValuesOrigin.html"
    advice = "Give S3OriginConfig to buckets, CustomOriginConfig to all other hosts, also to website endpoints."

    def findings(self, template: Template) -> Iterator[Finding]:
        for origin in origins(template):
            kinds = [value for key in CONFIGS for value in origin.value.get(key)]
            keys = [key for key in CONFIGS if any(True for _ in origin.value.get(key))]
            if not keys and not _maybe_later(origin.value):
                yield Finding(
                    origin.value.path,
                    f"InvalidOrigin: {origin} has none of {', '.join(CONFIGS)}. A bucket needs S3OriginConfig (empty "
                    "with an origin access control), another host CustomOriginConfig.",
                )
            if len(keys) > 1 and len({kind.when for kind in kinds}) == 1:
                yield Finding(origin.value.path, f"InvalidOrigin: {origin} has {' and '.join(keys)}. Keep one of them.")
            yield from _misplaced(str(origin), origin.value)


def _maybe_later(origin: Value) -> bool:
    """Whether the deployment may add parts to the origin."""
    return isinstance(origin.plain, dict) and any(str(key).startswith("Fn::") for key in origin.plain)


def _misplaced(name: str, origin: Value) -> Iterator[Finding]:
    for s3 in origin.get("S3OriginConfig"):
        for domain in origin.get("DomainName"):
            if not domain.text or not _DOMAIN.fullmatch(domain.text):
                continue
            is_website = _WEBSITE_ENDPOINT.fullmatch(domain.text)
            if is_website or not _REST_ENDPOINT.fullmatch(domain.text):
                kind = "a website endpoint" if is_website else "no bucket"
                yield Finding(
                    s3.path,
                    f"InvalidArgument: The parameter Origin DomainName does not refer to a valid S3 bucket. {name} is "
                    f"{kind}: use CustomOriginConfig.",
                )
        for identity in s3.get("OriginAccessIdentity"):
            for control in origin.get("OriginAccessControlId"):
                if identity.plain not in ("", None) and control.plain not in ("", None):
                    yield Finding(
                        identity.path,
                        f"IllegalOriginAccessConfiguration: {name} has an origin access control and an origin access "
                        "identity. Make OriginAccessIdentity empty.",
                    )


class OriginGroup(EdgeRule):
    id = "E9034"
    shortdesc = "An origin group has two members, and statuses that fail over"
    description = "CloudFront refuses a group with another number of members, and other statuses."
    source_url = API + "API_OriginGroup.html"
    advice = "Name the primary and the secondary origin, and statuses of the list."

    def findings(self, template: Template) -> Iterator[Finding]:
        for name, config in configs(template):
            for groups in config.walk("OriginGroups", "Items"):
                for group in groups.items():
                    yield from _group(name, group)


def _group(name: str, group: Value) -> Iterator[Finding]:
    for members in group.walk("Members", "Items"):
        if isinstance(members.plain, list) and 2 not in counts(members):
            yield Finding(members.path, f"InvalidArgument: a group of {name} has {longest(members)} members, not two.")
    for listed in group.walk("FailoverCriteria", "StatusCodes", "Items"):
        if listed.plain == []:
            yield Finding(listed.path, f"InvalidArgument: a group of {name} has no status that fails over. Name one.")
        for status in listed.items():
            if status.number is not None and status.number not in FAILOVER_STATUSES:
                allowed = ", ".join(map(str, sorted(FAILOVER_STATUSES)))
                yield Finding(
                    status.path, f"InvalidArgument: {status.number} does not fail over. Statuses that do: {allowed}."
                )


class VpcOriginFunctions(EdgeRule):
    id = "W9030"
    shortdesc = "A VPC origin, or a group that chooses by media quality, has no Lambda@Edge functions at origin events"
    description = "CloudFront supports no origin-request and origin-response functions there."
    source_url = GUIDE + "private-content-vpc-origins.html"
    advice = "Run the function at a viewer event, make the origin public, or choose by the default criteria."
    unverified = "The guide says that they are not supported. What the API answers is not known."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            without = [*_vpc_origins(behavior), *_media_groups(behavior)]
            for association in associations(behavior):
                for place, value in without if association.event_type in ORIGIN_EVENTS else ():
                    if together(value, association.value):
                        yield Finding(
                            association.value.path, f"{association} does not run on {place}: move it to a viewer event."
                        )


def _vpc_origins(behavior: Behavior) -> Iterator[tuple[str, Value]]:
    for origin in origins_behind(behavior):
        for config in origin.value.get("VpcOriginConfig"):
            yield f"{origin}, which is a VPC origin", config


def _media_groups(behavior: Behavior) -> Iterator[tuple[str, Value]]:
    targets = {target.plain for target in behavior.value.get("TargetOriginId") if target.text}
    for groups in behavior.config.walk("OriginGroups", "Items"):
        for group in groups.items():
            named = any(id_.plain in targets for id_ in group.get("Id") if id_.text)
            for criteria in group.get("SelectionCriteria") if named else ():
                if criteria.text == "media-quality-based":
                    yield "its origin group, which chooses by media quality", criteria
