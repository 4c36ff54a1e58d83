"""A function on a distribution that exists: what its configuration (CloudFront API) says with it and without it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudfront_local.rules.headers import CONTROL_CHARACTER, TOKEN
from stack import distributions
from stack.errors import StackError

Config = dict[str, Any]


@dataclass(frozen=True)
class Attachment:
    """A version of a function, and how a behavior runs it: the stack's outputs `<name>Version` and `<name>Association`.

    `headers` are the function's settings, as origin custom headers. `not_attachable` says why only the stack's own
    distribution runs the function, and what to do instead; it is empty if any distribution may.
    """

    name: str
    arn: str
    event_type: str
    include_body: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    not_attachable: str = ""

    @property
    def prefix(self) -> str:
        """How the names of the function's settings begin: `x-two-words-` for TwoWordsFunction."""
        words = re.findall(r"[A-Z][a-z0-9]*", self.name.removesuffix("Function"))
        return f"x-{'-'.join(words).lower()}-"

    def runs(self, association: Mapping[str, Any]) -> bool:
        """Whether an association is of this function, in whatever version."""
        return str(association["LambdaFunctionARN"]).rpartition(":")[0] == self.arn.rpartition(":")[0]

    def of_this(self, header: str) -> bool:
        """Whether a custom header is one of the function's settings."""
        return header.lower().startswith(self.prefix)


def read(outputs: Mapping[str, str], name: str, headers: Mapping[str, str]) -> Attachment:
    """The function of this logical id, by a stack's outputs. `headers` replace settings; without a value, remove them.

    Raises StackError.
    """
    if f"{name}Version" not in outputs or f"{name}Association" not in outputs:
        known = sorted(key.removesuffix("Version") for key in outputs if key.endswith("FunctionVersion"))
        raise StackError(
            f"The stack has no outputs {name}Version and {name}Association. Functions with an output for their "
            f"version: {', '.join(known) or 'none'}. docs/attach.md has the outputs to add for another one."
        )
    association = json.loads(outputs[f"{name}Association"])
    settings = {**association.get("OriginCustomHeaders", {}), **headers}
    found = Attachment(
        name,
        outputs[f"{name}Version"],
        association["EventType"],
        association.get("IncludeBody", False),
        {name: value for name, value in settings.items() if value},
        association.get("NotAttachable", ""),
    )
    for header in headers:
        if not found.of_this(header):
            raise StackError(f"{header} is no setting of {name}: their names begin with {found.prefix}.")
    for header, value in found.headers.items():
        _refuse_malformed(header, value)
    return found


def _refuse_malformed(header: str, value: str) -> None:
    if not TOKEN.fullmatch(header.lower()):
        raise StackError(f"{header!r} is no header's name: it may have letters, digits and !#$%&'*+-.^_`|~.")
    if control := CONTROL_CHARACTER.search(value):
        raise StackError(f"{header} has the control character {control[0]!r}. Remove it: a header's value takes none.")


def attached(config: Config, path: str, attachment: Attachment) -> Config:
    """The configuration in which a behavior runs this version. Raises StackError for an unknown path, and for settings
    of the function that somebody else has given the origin."""
    config = copy.deepcopy(config)
    behavior = _behavior(config, path)
    if not any(attachment.runs(association) for association in _beside(config, behavior)):
        _refuse_foreign_headers(config, behavior, attachment)
    added = {
        "EventType": attachment.event_type,
        "LambdaFunctionARN": attachment.arn,
        "IncludeBody": attachment.include_body,
    }
    here = _associations(behavior)
    _associate(behavior, [association for association in here if not attachment.runs(association)] + [added])
    _set_headers(config, behavior, attachment, attachment.headers)
    return config


def detached(config: Config, path: str, attachment: Attachment) -> Config:
    """The configuration in which a behavior does not run the function. Raises StackError for an unknown path, and if
    the behavior does not run it.

    The function's settings go when no other behavior needs them at the same origin.
    """
    config = copy.deepcopy(config)
    behavior = _behavior(config, path)
    here = _associations(behavior)
    left = [association for association in here if not attachment.runs(association)]
    if left == here:
        raise StackError(
            f"{attachment.name} does not run at the behavior {path}, so nothing was changed. "
            f"{_running(behavior)}{_elsewhere(config, attachment)}"
        )
    _associate(behavior, left)
    if not any(attachment.runs(association) for association in _beside(config, behavior)):
        _set_headers(config, behavior, attachment, {})
    return config


def _running(behavior: Config) -> str:
    """A sentence about the functions that a behavior runs."""
    there = [f"{each['LambdaFunctionARN']} ({each['EventType']})" for each in _associations(behavior)]
    there += [
        f"{each['FunctionARN']} ({each['EventType']})"
        for each in behavior.get("FunctionAssociations", {}).get("Items", [])
    ]
    if not there:
        return "No function runs there."
    return f"There {'runs' if len(there) == 1 else 'run'}: {', '.join(there)}."


def _elsewhere(config: Config, attachment: Attachment) -> str:
    """A sentence about the behaviors that run a function, if there are some."""
    patterns = [
        behavior.get("PathPattern", "*")
        for behavior in distributions.behaviors(config)
        if any(attachment.runs(association) for association in _associations(behavior))
    ]
    return f" {attachment.name} runs at: {', '.join(patterns)}." if patterns else ""


def differences(before: Config, after: Config) -> Iterator[str]:
    """A line for each function and each custom header that one of two configurations has, and the other has not."""
    old, new = dict(_facts(before)), dict(_facts(after))
    for place in sorted(old.keys() | new.keys()):
        if old.get(place) != new.get(place):
            yield from (f"- {place}: {old[place]}" for _ in range(place in old))
            yield from (f"+ {place}: {new[place]}" for _ in range(place in new))


def _facts(config: Config) -> Iterator[tuple[str, str]]:
    for behavior in distributions.behaviors(config):
        for association in _associations(behavior):
            body = ", with the body" if association.get("IncludeBody") else ""
            place = f"behavior {behavior.get('PathPattern', '*')}, {association['EventType']}"
            yield place, f"{association['LambdaFunctionARN']}{body}"
    for origin in config["Origins"]["Items"]:
        for header in _headers(origin):
            yield f"origin {origin['Id']}, custom header {header['HeaderName']}", header["HeaderValue"]


def _behavior(config: Config, path: str) -> Config:
    """The behavior with this path pattern. `*` and `/*` are the default behavior's, unless another one has them."""
    patterns: dict[str, Config] = {
        _bare(each.get("PathPattern", "*")): each for each in reversed(list(distributions.behaviors(config)))
    }
    if _bare(path) not in patterns:
        known = [each.get("PathPattern", "*") for each in distributions.behaviors(config)]
        raise StackError(f"No behavior has the path pattern {path}. There are: {', '.join(known)}.")
    return patterns[_bare(path)]


def _bare(pattern: str) -> str:
    """A pattern without its first slash, which changes nothing (guide, DownloadDistValuesCacheBehavior)."""
    return pattern.removeprefix("/")


def _beside(config: Config, behavior: Config) -> Iterator[Mapping[str, Any]]:
    """The associations of all behaviors that go to an origin of this one."""
    origins = {origin["Id"] for origin in _origins(config, behavior)}
    for other in distributions.behaviors(config):
        if not origins.isdisjoint(origin["Id"] for origin in _origins(config, other)):
            yield from _associations(other)


def _origins(config: Config, behavior: Config) -> list[Config]:
    """The origin that a behavior names, or the members of the origin group that it names."""
    groups = {group["Id"]: group for group in config.get("OriginGroups", {}).get("Items", [])}
    target = behavior["TargetOriginId"]
    members = groups[target]["Members"]["Items"] if target in groups else [{"OriginId": target}]
    ids = [member["OriginId"] for member in members]
    origins: list[Config] = config["Origins"]["Items"]
    return [origin for origin in origins if origin["Id"] in ids]


def _associations(behavior: Config) -> list[Config]:
    found: list[Config] = behavior.get("LambdaFunctionAssociations", {}).get("Items", [])
    return found


def _associate(behavior: Config, associations: list[Config]) -> None:
    behavior["LambdaFunctionAssociations"] = _counted(associations)


def _headers(origin: Config) -> list[Config]:
    found: list[Config] = origin.get("CustomHeaders", {}).get("Items", [])
    return found


def _set_headers(config: Config, behavior: Config, attachment: Attachment, headers: Mapping[str, str]) -> None:
    added = [{"HeaderName": name, "HeaderValue": value} for name, value in headers.items()]
    for origin in _origins(config, behavior):
        others = [header for header in _headers(origin) if not attachment.of_this(header["HeaderName"])]
        if others + added != _headers(origin):
            origin["CustomHeaders"] = _counted(others + added)


def _refuse_foreign_headers(config: Config, behavior: Config, attachment: Attachment) -> None:
    for origin in _origins(config, behavior):
        for name in (header["HeaderName"] for header in _headers(origin) if attachment.of_this(header["HeaderName"])):
            raise StackError(
                f"The origin {origin['Id']} already has the custom header {name}, a setting of {attachment.name}, "
                "which does not run there. Remove the header: this command would replace it."
            )


def _counted(items: list[Config]) -> Config:
    """A list as the API has it: `Items` only if there are any."""
    return {"Quantity": len(items), **({"Items": items} if items else {})}
