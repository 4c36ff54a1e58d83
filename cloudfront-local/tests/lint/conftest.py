"""Linting templates with this repository's rules alone."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode
from cfnlint.rules import Rules

from cloudfront_local.lint import catalog, explain
from cloudfront_local.lint.findings import Found, found_by
from cloudfront_local.lint.rules.runtime import SupportedRuntime
from cloudfront_local.lint.template import Template

PLUGIN = "cloudfront_local.lint.plugin"
SOUND = Path(__file__).with_name("sound.yaml")

# The path in SOUND of each part that an example can be.
PARTS = {
    "template": (),
    "distribution": ("Resources", "Distribution", "Properties", "DistributionConfig"),
    "function": ("Resources", "Function", "Properties"),
}


@pytest.fixture(scope="module", autouse=True)
def region() -> Iterator[None]:
    """cfn-lint before 1.54 sets AWS_DEFAULT_REGION for SAM's transform, and leaves it behind."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Our rules as cfn-lint loads them, on the day this was written."""
    loaded = dict(Rules.create_from_module(PLUGIN))
    return Rules(loaded | {"E9012": SupportedRuntime(today=lambda: date(2026, 11, 22))})


@pytest.fixture(scope="session")
def lint(rules: Rules) -> Callable[..., list[Found]]:
    """Lints a file, with all rules unless told otherwise: line, rule and message, as cfn-lint prints them."""

    def run(template: Path, rules: Rules = rules) -> list[Found]:
        read, _ = decode(str(template))
        return found_by(rules.values(), Template(read, template))

    return run


@pytest.fixture(scope="session")
def examples() -> dict[tuple[str, str], Any]:
    """The examples of all rules, each merged into the sound template, by rule and `bad` or `good`."""
    return {(rule.id, kind): _example(rule.id, kind) for rule in catalog.RULES for kind in ("bad", "good")}


def _example(rule: str, kind: str) -> Any:
    sound, _ = decode(str(SOUND))
    written, _ = decode(str(explain.example(rule)))
    value = written[kind]
    for key in reversed(PARTS[written["part"]]):
        value = {key: value} if value else {}
    return _merged(sound, value) if value else sound


def _merged(into: Any, value: Any) -> Any:
    """Mappings are merged; everything else, and an empty mapping, takes the other's place."""
    if not (isinstance(into, dict) and isinstance(value, dict) and value):
        return value
    return into | {key: _merged(into.get(key), inner) for key, inner in value.items()}
