"""W9060: a change of a function reaches the edge."""

from collections.abc import Iterator

from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.rule import Finding, FunctionRule


class PublishedWithEveryChange(FunctionRule):
    id = "W9060"
    shortdesc = "SAM publishes a version of an edge function with every change"
    description = (
        "Without AutoPublishAliasAllProperties, SAM publishes a version only when the code, Environment, MemorySize or "
        "SnapStart changes. Another Timeout, Runtime, Handler or Role is deployed, and the edge keeps the old version."
    )
    source_url = (
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html"
        "#sam-function-autopublishaliasallproperties"
    )
    advice = "Set AutoPublishAliasAllProperties: true beside AutoPublishAlias, or in Globals."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for alias in function.properties.get("AutoPublishAlias"):
            settings = function.properties.under(alias.when).get("AutoPublishAliasAllProperties")
            if not any(setting.true or setting.unknown for setting in settings):
                yield Finding(
                    alias.path,
                    f"{function} has AutoPublishAlias without AutoPublishAliasAllProperties: another Timeout, Runtime, "
                    "Handler or Role publishes no version, and CloudFront keeps running the old one. Set "
                    "AutoPublishAliasAllProperties: true.",
                )
