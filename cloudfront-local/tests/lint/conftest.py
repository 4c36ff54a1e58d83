"""Linting templates with this repository's rules alone, by cfn-lint's own runner."""

import functools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import boto3.session
import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.rules import Rules
from cfnlint.rules.errors import ParseError, RuleError, TransformError
from cfnlint.runner.template import run_template_by_file_path
from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor

from cloudfront_local.lint.rules.runtime import SupportedRuntime

PLUGIN = Path(__file__).resolve().parents[2] / "cloudfront_local" / "lint" / "plugin"

# Line, rule and message, as cfn-lint prints them.
Found = tuple[int, str, str]


@pytest.fixture(scope="module", autouse=True)
def region() -> Iterator[None]:
    """cfn-lint sets AWS_DEFAULT_REGION for SAM's transform, and leaves it behind."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield


@pytest.fixture(scope="module", autouse=True)
def sam_prepares_once() -> Iterator[None]:
    """SAM's transform holds its own policy templates against their schema, and makes a session of boto3, for every
    template, which takes longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PolicyTemplatesProcessor, "_is_valid_templates_dict", lambda *_: True)
        patch.setattr(boto3.session, "Session", functools.cache(boto3.session.Session))
        yield


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Our rules as cfn-lint loads them, on the day this was written; and what it reports when something breaks."""
    loaded = dict(Rules.create_from_directory(str(PLUGIN)))
    loaded["E9012"] = SupportedRuntime(today=lambda: date(2026, 11, 22))
    return Rules(loaded | {rule.id: rule for rule in (ParseError(), TransformError(), RuleError())})


@pytest.fixture(scope="session")
def lint(rules: Rules) -> Callable[..., list[Found]]:
    """Lints a file, with all rules unless told otherwise."""

    def run(template: Path, rules: Rules = rules) -> list[Found]:
        config = ConfigMixIn([], regions=["us-east-1"])
        matches = run_template_by_file_path(str(template), config, rules, ignore_bad_template=False)
        return sorted((match.linenumber, match.rule.id, match.message) for match in matches)

    return run
