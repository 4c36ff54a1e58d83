"""A Lambda@Edge function: its configuration."""

from dataclasses import dataclass

from cloudfront_local.distribution.failure import function_name
from cloudfront_local.lambda_edge.artifact import Artifact


@dataclass(frozen=True)
class Function:
    """One numbered version of a function, as `lambda:GetFunctionConfiguration` describes it.

    `arn` names the version, `handler` is "package.module.function", `runtime` such as "python3.13", `timeout` is in
    seconds, `memory_size` in MB. `logical_id` is its name in the template, empty if it comes from none.
    """

    arn: str
    handler: str
    runtime: str
    timeout: float
    memory_size: int
    role: str
    artifact: Artifact
    logical_id: str = ""

    @property
    def package(self) -> str:
        """The top-level package or module of its handler: "authorizer"."""
        return self.handler.partition(".")[0]

    @property
    def name(self) -> str:
        return function_name(self.arn)

    @property
    def version(self) -> str:
        return self.arn.split(":")[7]
