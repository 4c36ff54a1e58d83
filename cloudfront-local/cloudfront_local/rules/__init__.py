"""CloudFront's rules for the result of an edge function. `violations` checks a result against them."""

from cloudfront_local.rules.result import violations, violations_of_json
from cloudfront_local.rules.rule import RULES, Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "violations", "violations_of_json"]
