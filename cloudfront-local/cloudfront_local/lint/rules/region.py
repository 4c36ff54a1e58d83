"""W9003: a stack with edge functions says where it can be deployed."""

from collections.abc import Iterator
from typing import Any

from cloudfront_local.lint.functions import edge_functions
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.rules.facts import FUNCTION_REGION

THIS_REGION = {"Ref": "AWS::Region"}


class RegionAssertion(EdgeRule):
    id = "W9003"
    shortdesc = "A stack with edge functions asserts us-east-1"
    description = "Elsewhere the deployment fails late, at the distribution, and rolls everything back."
    source_url = GUIDE + "lambda-at-edge-function-restrictions.html"
    advice = "Add an assertion to the section Rules."

    def findings(self, template: Template) -> Iterator[Finding]:
        function = next(edge_functions(template), None)
        if function and not _asserted(template):
            yield Finding(
                ("Resources", function.name),
                f"{function} has to be in {FUNCTION_REGION}, and nothing in the template says so: a "
                "deployment elsewhere fails late and rolls back. Add to Rules an Assert of !Equals [!Ref "
                f"AWS::Region, {FUNCTION_REGION}].",
            )


def _asserted(template: Template) -> bool:
    return any(
        _is_region(assertion.get("Assert"))
        for rule in template.section("Rules").values()
        if isinstance(rule, dict) and "RuleCondition" not in rule
        for assertion in _list(rule.get("Assertions"))
        if isinstance(assertion, dict)
    )


def _is_region(assertion: Any) -> bool:
    match assertion:
        case {"Fn::Equals": [*sides]}:
            return FUNCTION_REGION in sides and THIS_REGION in sides
        case {"Fn::Contains": [[str(only)], side]}:
            return only == FUNCTION_REGION and side == THIS_REGION
        case {"Fn::And": [*every]}:
            return any(map(_is_region, every))
    return False


def _list(plain: Any) -> list[Any]:
    return plain if isinstance(plain, list) else []
