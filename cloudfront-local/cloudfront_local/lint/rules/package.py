"""E9014: the zip of an edge function, as far as it is built and on this machine."""

from collections.abc import Iterator
from math import ceil

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.lint.source import built, relative, zip_size
from cloudfront_local.rules.facts import FUNCTION_ZIP_BYTES, MB


class ZipSize(FunctionRule):
    id = "E9014"
    shortdesc = "An edge function's zip is at most 50 MB"
    description = "CloudFront refuses functions whose zip is larger than 50 MB."
    source_url = GUIDE + "cloudfront-limits.html#limits-lambda-at-edge"
    advice = "Leave out files that the function does not need."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        path = built(function)
        size = zip_size(path, FUNCTION_ZIP_BYTES) if path else 0
        if path and size > FUNCTION_ZIP_BYTES:
            found, most = ceil(size / MB * 10) / 10, FUNCTION_ZIP_BYTES // MB
            yield Finding(
                (*function.path, "Code"),
                f"{function} has a zip of {found} MB ({relative(function.template, path)}). CloudFront takes "
                f"functions of at most {most} MB: leave out files that the function does not need.",
            )
