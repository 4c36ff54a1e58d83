"""E9015 to E9017, E9022: the functions that one behavior may run together, and their events."""

from collections.abc import Iterator
from itertools import chain, combinations

from cloudfront_local.lint.distributions import Association, Behavior, associations, behaviors
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import EVENT_TYPES, RESPONSE_EVENTS, VIEWER_EVENTS

RESTRICTIONS = GUIDE + "edge-function-restrictions-all.html"


class OneFunctionPerEvent(EdgeRule):
    id = "E9015"
    shortdesc = "A behavior runs one function per event type"
    description = "CloudFront refuses a behavior with two functions for the same event type."
    source_url = RESTRICTIONS
    advice = "Put both steps into one function."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for key in ("LambdaFunctionAssociations", "FunctionAssociations"):
                for first, second in combinations(associations(behavior, key), 2):
                    if first.event_type == second.event_type and _both(first, second):
                        yield Finding(
                            (*second.value.path, "EventType"),
                            f"{second} already runs {first.function or 'another function'}. CloudFront takes one "
                            "function per event type and behavior: put both steps into one function.",
                        )


class NotMixedOnViewerEvents(EdgeRule):
    id = "E9016"
    shortdesc = "Viewer events run Lambda@Edge or CloudFront Functions, not both"
    description = "CloudFront refuses a behavior with both Lambda@Edge and CloudFront Functions on viewer events."
    source_url = RESTRICTIONS
    advice = "Write both as Lambda@Edge functions, or both as CloudFront Functions."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for ours in associations(behavior):
                # CloudFront Functions are for viewer events, all of them.
                for theirs in associations(behavior, "FunctionAssociations"):
                    if ours.event_type in VIEWER_EVENTS and _both(ours, theirs):
                        yield Finding(
                            theirs.value.path,
                            f"{f'The CloudFront Function {theirs.function}'.rstrip()} at {theirs} stands beside "
                            f"Lambda@Edge at {ours.event_type}. CloudFront takes one of the two for all viewer events "
                            "of a behavior: write both as Lambda@Edge functions, or both as CloudFront Functions.",
                        )


class BodyAtRequestEvents(EdgeRule):
    id = "E9017"
    shortdesc = "IncludeBody is for request events"
    description = "CloudFront refuses IncludeBody on response events."
    source_url = GUIDE + "lambda-include-body-access.html"
    advice = "Remove IncludeBody, or run the function at viewer-request or origin-request."

    def findings(self, template: Template) -> Iterator[Finding]:
        for association in chain.from_iterable(map(associations, behaviors(template))):
            for include in association.value.get("IncludeBody"):
                if association.event_type in RESPONSE_EVENTS and include.true:
                    yield Finding(
                        include.path,
                        f"IncludeBody is set at {association}. Only viewer-request and origin-request have "
                        "a body: remove IncludeBody.",
                    )


class KnownEventType(EdgeRule):
    id = "E9022"
    shortdesc = "A Lambda@Edge association names one of the four event types"
    description = "CloudFront refuses an association without an event type, or with another than its four."
    source_url = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_LambdaFunctionAssociation.html"
    advice = "Set one of the four event types."

    def findings(self, template: Template) -> Iterator[Finding]:
        for behavior in behaviors(template):
            for association in behavior.value.walk("LambdaFunctionAssociations"):
                for value in association.items():
                    yield from self._of(behavior, value)

    def _of(self, behavior: Behavior, association: Value) -> Iterator[Finding]:
        known = ", ".join(EVENT_TYPES)
        if isinstance(association.plain, dict) and association.keys and "EventType" not in association.plain:
            yield Finding(association.path, f"An association of {behavior} has no EventType: set one of {known}.")
        for event_type in association.get("EventType"):
            if event_type.text is not None and event_type.text not in EVENT_TYPES:
                yield Finding(
                    event_type.path,
                    f"An association of {behavior} has the EventType {event_type.text}. "
                    f"CloudFront takes one of {known}.",
                )


def _both(first: Association, second: Association) -> bool:
    """Whether one deployment can have both."""
    return first.value.deployment.possible(first.value.when | second.value.when)
