"""Linting templates with this repository's rules alone."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from cfnlint.decode import decode
from cfnlint.rules import Rules

from cloudfront_local.lint.findings import Found, found_by
from cloudfront_local.lint.rules.runtime import SupportedRuntime
from cloudfront_local.lint.template import Template

PLUGIN = "cloudfront_local.lint.plugin.lambda_at_edge"


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
