"""What CloudFront refuses of an edge function's result."""

from cloudfront_local.rules.result import violations
from cloudfront_local.rules.rule import RULES, Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "violations"]
