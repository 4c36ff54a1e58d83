"""CloudFront's rules for the result of an edge function. `violations` checks a result of Lambda@Edge against them, and
`cloudfront_functions.violations` one of CloudFront Functions."""

from cloudfront_local.rules import cloudfront_functions
from cloudfront_local.rules.result import violations, violations_of_json
from cloudfront_local.rules.rule import RULES, Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "cloudfront_functions", "violations", "violations_of_json"]
