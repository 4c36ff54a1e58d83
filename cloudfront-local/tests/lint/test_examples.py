"""The example of each rule: it finds something in `bad`, and nothing in `good`; no other rule does in either."""

import os

import pytest

from cloudfront_local.lint import catalog
from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.template import Template
from cloudfront_local.rules.facts import FUNCTION_ZIP_BYTES

RULES = sorted(rule.id for rule in catalog.RULES)


@pytest.fixture
def found(tmp_path, rules, examples):
    """The ids of the rules that find something in a rule's example; I9001 and W9004 are beside the point of others."""
    for name, size in (("small.zip", 1), ("large.zip", FUNCTION_ZIP_BYTES + 1)):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, size)

    def run(rule, kind):
        template = Template(examples[rule, kind], tmp_path / "template.yaml")
        return {found for _, found, _ in found_by(rules.values(), template)} - ({"I9001", "W9004"} - {rule})

    return run


@pytest.mark.parametrize("rule", RULES)
def test_bad(rule, found):
    assert found(rule, "bad") == {rule}


@pytest.mark.parametrize("rule", RULES)
def test_good(rule, found):
    assert found(rule, "good") == set()


@pytest.mark.parametrize("rule", catalog.RULES, ids=lambda rule: rule.id)
def test_uncertain_rules_are_warnings(rule):
    """What no source confirms stops nobody."""
    assert not rule.unverified or rule.id.startswith("W")


@pytest.mark.parametrize("rule", catalog.RULES, ids=lambda rule: rule.id)
def test_explanation(rule):
    """A rule is explained in whole sentences, with its source."""
    assert all(text.endswith(".") for text in (rule.description, rule.advice, rule.unverified or "."))
    assert rule.source_url.startswith("https://")
    assert not rule.shortdesc.endswith(".")
