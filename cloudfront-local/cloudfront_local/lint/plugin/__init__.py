"""All rules, as cfn-lint loads them: `append_rules: [cloudfront_local.lint.plugin]` where the tool is installed."""

from cloudfront_local.lint.catalog import RULES

# cfn-lint takes the classes that it finds as a module's members.
globals().update({rule.__name__: rule for rule in RULES})
