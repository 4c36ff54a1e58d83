"""A function's replica in an edge Region: its name there, and its environment variables."""

import datetime
import uuid
from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.lambda_edge.bootstrap import MARK
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.debug import HOST, NO_DEBUG, Debug
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.language import NODE
from cloudfront_local.lambda_edge.outbound import Outbound

# A Lambda@Edge function is created in us-east-1. The name of each replica begins with that Region.
SOURCE_REGION = "us-east-1"


@dataclass(frozen=True)
class Replica:
    """`region` is the edge Region that runs the function. `endpoint_url` is the AWS that it calls; None is the real
    AWS. `outbound` leads its connections to a test; None leads none. `debug` says how it is debugged."""

    function: Function
    region: str
    endpoint_url: str | None
    outbound: Outbound | None = None
    debug: Debug = NO_DEBUG

    @property
    def name(self) -> str:
        return f"{SOURCE_REGION}.{self.function.name}"

    @property
    def arn(self) -> str:
        partition, account = self.function.arn.split(":")[1:5:3]
        return f"arn:{partition}:lambda:{self.region}:{account}:function:{self.name}:{self.function.version}"

    def environment(self, task_root: Path, credentials: Credentials, log_stream: str) -> dict[str, str]:
        """Returns Lambda's reserved variables and no others: a Lambda@Edge function cannot have variables of its own.

        Lambda Developer Guide, "Defined runtime environment variables". Three things differ from AWS: AWS_ENDPOINT_URL
        leads to the embedded AWS, paths are paths of this machine, and HOME is set, to a folder that does not exist:
        on Lambda, `~` leads to the same. Each request sets `_X_AMZN_TRACE_ID`.
        """
        variables = {
            "_HANDLER": self.function.handler,
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.function.runtime}",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.function.memory_size),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": self.function.version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "HOME": "/home/sbx_user1051",
            MARK: log_stream,
            "AWS_REGION": self.region,
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
            "LAMBDA_RUNTIME_DIR": str(self.function.language.bootstrap.parent),
            "LAMBDA_TASK_ROOT": str(task_root),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TZ": ":UTC",
        }
        if self.function.language is NODE:
            variables["NODE_PATH"] = str(task_root)
        if self.endpoint_url is not None:
            variables["AWS_ENDPOINT_URL"] = self.endpoint_url
        if self.outbound is not None:
            variables |= dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), self.outbound.authority)
        return variables

    @property
    def debug_port(self) -> int | None:
        """The port of the function's debugger; None without one."""
        return self.debug.port(self.function)

    def options(self) -> tuple[str, ...]:
        """The options of the function's interpreter."""
        options = self.function.language.options
        if self.debug_port and self.function.language is NODE:
            return (*options, f"--inspect={HOST}:{self.debug_port}")
        return options

    def log_stream(self) -> str:
        """A name for the log stream of a new sandbox. No other sandbox has the same."""
        day = datetime.datetime.now(datetime.UTC).strftime("%Y/%m/%d")
        return f"{day}/[{self.function.version}]{uuid.uuid4().hex}"
