"""E9002: the role of an edge function is trusted by Lambda and by Lambda@Edge."""

from collections.abc import Iterator

from lint.functions import EdgeFunction
from lint.iam import roles, trusted_services
from lint.rule import GUIDE, Finding, FunctionRule
from local.cloudfront.facts import FUNCTION_ROLE_PRINCIPALS


class TrustedRole(FunctionRule):
    id = "E9002"
    shortdesc = "An edge function's role is trusted by both services"
    description = "The role has to trust lambda.amazonaws.com and edgelambda.amazonaws.com."
    source_url = GUIDE + "lambda-edge-permissions.html"

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for role in roles(function):
            for document in role.properties.get("AssumeRolePolicyDocument"):
                for decided in document.decided():
                    services = trusted_services(decided.plain)
                    missing = [
                        name for name in FUNCTION_ROLE_PRINCIPALS if services is not None and name not in services
                    ]
                    if missing:
                        yield Finding(
                            (*function.path, "Role"),
                            f"{function} has the role {role.name}, which does not trust "
                            f"{' and '.join(missing)}. Without it CloudFront answers 503: let both "
                            f"{' and '.join(FUNCTION_ROLE_PRINCIPALS)} assume the role.",
                        )
