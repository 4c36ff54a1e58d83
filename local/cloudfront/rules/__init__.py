"""What CloudFront refuses of an edge function's result."""

from local.cloudfront.rules.result import violations
from local.cloudfront.rules.rule import RULES, Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "violations"]
