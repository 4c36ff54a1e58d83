"""E9001: CloudFront takes numbered versions of functions in us-east-1."""

from collections.abc import Iterator

from cloudfront_local.lint.functions import edge_targets
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template


class NumberedVersion(EdgeRule):
    id = "E9001"
    shortdesc = "LambdaFunctionARN is a published version in us-east-1"
    description = "CloudFront associates numbered versions only, neither $LATEST nor an alias, from us-east-1."
    source_url = GUIDE + "lambda-at-edge-function-restrictions.html"
    advice = "Publish a version and name its ARN: with SAM, set AutoPublishAlias and write !Ref Function.Version."

    def findings(self, template: Template) -> Iterator[Finding]:
        for association, target in edge_targets(template):
            if target.fault:
                yield Finding(
                    (*association.value.path, "LambdaFunctionARN"),
                    f"LambdaFunctionARN at {association} is {target.fault}. CloudFront takes the ARN of a "
                    "numbered version in us-east-1 only: refer to the version (with SAM's "
                    f"AutoPublishAlias: !Ref {target.function or 'Function'}.Version).",
                )
