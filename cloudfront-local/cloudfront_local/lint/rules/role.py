"""E9002: the role of an edge function is trusted by Lambda and by Lambda@Edge."""

from collections.abc import Iterator

from cloudfront_local.lint.expressions import shape
from cloudfront_local.lint.functions import EdgeFunction
from cloudfront_local.lint.iam import roles, trusted_services
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.lint.values import Value
from cloudfront_local.rules.facts import FUNCTION_ROLE_PRINCIPALS


class TrustedRole(FunctionRule):
    id = "E9002"
    shortdesc = "An edge function's role is trusted by both services"
    description = "The role has to trust lambda.amazonaws.com and edgelambda.amazonaws.com."
    source_url = GUIDE + "lambda-edge-permissions.html"
    advice = "Let both services assume the role in its AssumeRolePolicyDocument."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for role in roles(function):
            for document in role.properties.get("AssumeRolePolicyDocument"):
                missing = _missing(document)
                if missing:
                    yield Finding(
                        (*function.path, "Role"),
                        f"{function} has the role {role.name}, which does not trust {' and '.join(missing)}. Without "
                        f"it CloudFront answers 503: let both {' and '.join(FUNCTION_ROLE_PRINCIPALS)} assume the "
                        "role.",
                    )


def _missing(document: Value) -> list[str]:
    """The services that a trust policy leaves out, always or under some condition."""
    services = trusted_services(document)
    if services is None:
        return []
    trusted = {
        name: [service.when for service in services if shape(service.parts) == name]
        for name in FUNCTION_ROLE_PRINCIPALS
    }
    return [name for name, when in trusted.items() if document.deployment.without(document.when, when) is not None]
