"""The configuration of a Lambda@Edge function."""

import sys
from dataclasses import dataclass

from cloudfront_local.distribution.failure import function_name
from cloudfront_local.lambda_edge import language as languages
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.language import NODE, Language


@dataclass(frozen=True)
class Function:
    """One numbered version of a function, as `lambda:GetFunctionConfiguration` describes it.

    `arn` is the version's ARN, `role` the ARN of its role. `handler` has the form "package.module.function", in Node.js
    "folder/module.function". `runtime` is "python3.13" or "nodejs22.x". `timeout` is in seconds, `memory_size` in MB.
    `artifact` is the build of its source. `logical_id` is the function's name in the template; it is empty for a
    function without a template. `program` is the path of the Python or Node.js that runs it here.
    """

    arn: str
    handler: str
    runtime: str
    timeout: float
    memory_size: int
    role: str
    artifact: Artifact
    logical_id: str = ""
    program: str = sys.executable

    @property
    def language(self) -> Language:
        return languages.of(self.runtime)

    @property
    def package(self) -> str:
        """The top-level package or module of the handler: "authorizer". In Node.js, where most handlers are called
        `index.handler`, the function's logical id."""
        if self.language is NODE and self.logical_id:
            return self.logical_id
        return self.handler.rpartition("/")[2].partition(".")[0]

    @property
    def name(self) -> str:
        return function_name(self.arn)

    @property
    def version(self) -> str:
        return self.arn.split(":")[7]
