"""E9033, E9038, E9041, E9046 and E9052: values, numbers, lists and texts beyond the limits of the CloudFront API."""

from __future__ import annotations

from collections.abc import Iterator

from cloudfront_local.lint.distributions import associations, behaviors_of, configs
from cloudfront_local.lint.expressions import known_length
from cloudfront_local.lint.rule import API, GUIDE, EdgeRule, Finding
from cloudfront_local.lint.settings import counts, longest, settings
from cloudfront_local.lint.template import Template
from cloudfront_local.rules.api_refusals import (
    COUNTED,
    DISTRIBUTION_FUNCTIONS,
    LENGTHS,
    NUMBERS,
    POLICY_NAMES_CHARACTERS,
    POLICY_SELECTIONS,
    QUOTAS,
    VALUES,
)


class Numbers(EdgeRule):
    id = "E9033"
    shortdesc = "Timeouts, attempts and rates are within CloudFront's limits"
    description = "CloudFront refuses others with InvalidOriginReadTimeout, InvalidOriginKeepaliveTimeout and the like."
    source_url = GUIDE + "cloudfront-limits.html"
    advice = "Give a number between the limits, or ask AWS for a higher quota."

    def findings(self, template: Template) -> Iterator[Finding]:
        for setting, (code, least, most) in NUMBERS.items():
            for name, value in settings(template, setting):
                if value.number is not None and not least <= value.number <= most:
                    yield Finding(
                        value.path,
                        f"{code}: the {value.path[-1]} of {name} is {value.number}. CloudFront takes {least} to "
                        f"{most}.",
                    )


class Quotas(EdgeRule):
    id = "E9038"
    shortdesc = "Lists of a distribution, of its policies and of its key groups are within CloudFront's quotas"
    description = "CloudFront answers TooManyCacheBehaviors, TooManyOrigins and the like."
    source_url = GUIDE + "cloudfront-limits.html"
    advice = "Delete some, or ask AWS for a higher quota."

    def findings(self, template: Template) -> Iterator[Finding]:
        for setting, (code, most) in QUOTAS.items():
            *_, holder, key = setting.split("/")
            counted = f"{key} of {holder}" if key == "Items" else key
            for name, listed in settings(template, setting):
                if (count := longest(listed)) > most:
                    yield Finding(listed.path, f"{code}: {name} has {count} {counted}. The quota is {most}.")
        yield from _functions(template)


def _functions(template: Template) -> Iterator[Finding]:
    for name, config in configs(template):
        arns = [
            str(arn.plain)
            for behavior in behaviors_of(name, config)
            for association in associations(behavior)
            for arn in association.value.get("LambdaFunctionARN")
        ]
        if len(set(arns)) > DISTRIBUTION_FUNCTIONS:
            yield Finding(
                config.path,
                f"TooManyLambdaFunctionAssociations: {name} has {len(set(arns))} Lambda@Edge functions. The quota is "
                f"{DISTRIBUTION_FUNCTIONS}.",
            )


class Quantities(EdgeRule):
    id = "E9052"
    shortdesc = "A Quantity is the number of Items beside it"
    description = "CloudFront answers InconsistentQuantities."
    source_url = API + "API_CreateDistribution.html"
    advice = "Correct the Quantity."

    def findings(self, template: Template) -> Iterator[Finding]:
        for setting in COUNTED:
            for name, counted in settings(template, setting):
                for quantity in counted.get("Quantity"):
                    for items in counted.under(quantity.when).get("Items"):
                        if items.unknown or quantity.number is None:
                            continue
                        if quantity.number not in counts(items):
                            yield Finding(
                                quantity.path,
                                f"InconsistentQuantities: a Quantity in {counted.path[-1]} of {name} is "
                                f"{quantity.number}, and the Items are {longest(items)}.",
                            )


class Values(EdgeRule):
    id = "E9041"
    shortdesc = "Headers, cookies and query strings are selected, and origins reached, in ways that CloudFront has"
    description = "CloudFront answers InvalidArgument to other values."
    source_url = API + "API_CachePolicyHeadersConfig.html"
    advice = "Write one of the values that the message names."

    def findings(self, template: Template) -> Iterator[Finding]:
        for setting, values in VALUES.items():
            key = setting.removesuffix("/*").rpartition("/")[2]
            for name, value in settings(template, setting):
                if value.text is not None and value.text not in values:
                    yield Finding(
                        value.path,
                        f"InvalidArgument: the {key} of {name} is {value.text!r}. CloudFront takes "
                        f"{', '.join(values)}.",
                    )


class Lengths(EdgeRule):
    id = "E9046"
    shortdesc = "Comments, paths, and the texts of policies are as short as CloudFront asks"
    description = "CloudFront answers InvalidArgument, or an error of its own, to longer texts."
    source_url = GUIDE + "cloudfront-limits.html"
    advice = "Shorten the text."

    def findings(self, template: Template) -> Iterator[Finding]:
        for setting, (code, most) in LENGTHS.items():
            for name, text in settings(template, setting):
                if (length := known_length(text.parts)) > most:
                    yield Finding(
                        text.path,
                        f"{code}: the {text.path[-1]} of {name} has {length} characters. CloudFront takes {most}.",
                    )
        for setting in POLICY_SELECTIONS:
            for name, names in settings(template, setting):
                length = sum(known_length(item.parts) for item in names.items() if item.when == names.when)
                if length > POLICY_NAMES_CHARACTERS:
                    yield Finding(
                        names.path,
                        f"InvalidArgument: the {names.path[-1]} of {name} have {length} characters together. "
                        f"CloudFront takes {POLICY_NAMES_CHARACTERS}.",
                    )
