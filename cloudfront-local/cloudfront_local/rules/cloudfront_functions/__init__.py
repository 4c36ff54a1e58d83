"""CloudFront's rules for CloudFront Functions.

`violations` checks a result, `origin_violations` an origin that a helper of the module `cloudfront` chose.
"""

from cloudfront_local.rules.cloudfront_functions.origin import origin as origin_violations
from cloudfront_local.rules.cloudfront_functions.result import is_event, violations

__all__ = ["is_event", "origin_violations", "violations"]
