"""E9003 to E9011, E9023: features of Lambda that Lambda@Edge refuses."""

from collections.abc import Iterator

from cloudfront_local.lint.functions import ALIAS, VERSION, EdgeFunction, function_in
from cloudfront_local.lint.rule import GUIDE, Finding, FunctionRule
from cloudfront_local.rules.facts import FUNCTION_ARCHITECTURE, FUNCTION_EPHEMERAL_STORAGE_MB

RESTRICTIONS = GUIDE + "lambda-at-edge-function-restrictions.html"


class NoEnvironmentVariables(FunctionRule):
    id = "E9003"
    shortdesc = "An edge function has no environment variables"
    description = "Lambda@Edge refuses functions with environment variables."
    source_url = RESTRICTIONS
    advice = "Configure viewer functions by their role's inline policy, and origin functions by origin custom headers."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for variables in function.properties.walk("Environment", "Variables"):
            names = [name for name in variables.keys if any(True for _ in variables.get(name))]
            if names:
                yield Finding(
                    variables.path,
                    f"{function} has environment variables ({', '.join(names)}). Lambda@Edge refuses them: "
                    "configure viewer functions by their role's inline policy, origin functions by origin "
                    "custom headers.",
                )


class NoVpc(FunctionRule):
    id = "E9004"
    shortdesc = "An edge function is in no VPC"
    description = "Lambda@Edge refuses functions with a VPC configuration."
    source_url = RESTRICTIONS
    advice = "Remove VpcConfig, and reach private services through a public endpoint that checks who calls."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for vpc in function.properties.get("VpcConfig"):
            if any(subnets.plain != [] for subnets in vpc.get("SubnetIds")):
                yield Finding(
                    vpc.path,
                    f"{function} is in a VPC. Lambda@Edge refuses that: remove VpcConfig, and reach private "
                    "services through a public endpoint that checks who calls.",
                )


class NoLayers(FunctionRule):
    id = "E9005"
    shortdesc = "An edge function has no layers"
    description = "Lambda@Edge refuses functions with layers."
    source_url = RESTRICTIONS
    advice = "Put the files of the layers into the function's zip."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for layers in function.properties.get("Layers"):
            if any(True for _ in layers.items()):
                yield Finding(
                    layers.path,
                    f"{function} has layers. Lambda@Edge refuses layers: put their files into the function's zip.",
                )


class NoDeadLetterQueue(FunctionRule):
    id = "E9006"
    shortdesc = "An edge function has no dead-letter queue"
    description = "Lambda@Edge refuses functions with a dead-letter queue."
    source_url = RESTRICTIONS
    advice = "Remove DeadLetterConfig (in SAM: DeadLetterQueue)."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for queue in function.properties.walk("DeadLetterConfig", "TargetArn"):
            yield Finding(
                queue.path[:-1],
                f"{function} has a dead-letter queue. Lambda@Edge refuses it, and CloudFront waits for "
                "every result anyway: remove DeadLetterConfig (in SAM: DeadLetterQueue).",
            )


class NoXRay(FunctionRule):
    id = "E9007"
    shortdesc = "An edge function is not traced by X-Ray"
    description = "Lambda@Edge refuses functions with active X-Ray tracing."
    source_url = RESTRICTIONS
    advice = "Remove TracingConfig (in SAM: Tracing), also from Globals."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for mode in function.properties.walk("TracingConfig", "Mode"):
            if mode.text == "Active":
                yield Finding(
                    mode.path,
                    f"{function} is traced by X-Ray. Lambda@Edge refuses active tracing: remove "
                    "TracingConfig (in SAM: Tracing), also from Globals.",
                )


class NoContainerImage(FunctionRule):
    id = "E9008"
    shortdesc = "An edge function is a zip, not a container image"
    description = "Lambda@Edge refuses container images."
    source_url = RESTRICTIONS
    advice = "Build the function as a zip."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for package in function.properties.get("PackageType"):
            if package.text == "Image":
                yield Finding(
                    package.path,
                    f"{function} is a container image. Lambda@Edge runs zips only: build the function with "
                    "PackageType Zip.",
                )


class NoArm(FunctionRule):
    id = "E9009"
    shortdesc = "An edge function runs on x86_64"
    description = "Lambda@Edge refuses functions for arm64."
    source_url = RESTRICTIONS
    advice = "Set Architectures: [x86_64], or leave it out."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for architectures in function.properties.get("Architectures"):
            for architecture in architectures.items():
                if architecture.text not in (None, FUNCTION_ARCHITECTURE):
                    yield Finding(
                        architecture.path,
                        f"{function} is for {architecture.text}. Lambda@Edge runs {FUNCTION_ARCHITECTURE} "
                        f"only: set Architectures: [{FUNCTION_ARCHITECTURE}].",
                    )


class NoProvisionedConcurrency(FunctionRule):
    id = "E9010"
    shortdesc = "An edge function has no provisioned concurrency"
    description = "Lambda@Edge refuses functions with provisioned concurrency, on the version or on an alias."
    source_url = RESTRICTIONS
    advice = "Remove ProvisionedConcurrencyConfig."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for resource in function.template.resources(VERSION, ALIAS):
            properties = resource.properties.under(function.properties.when)
            for named in properties.get("FunctionName"):
                configured = any(True for _ in properties.under(named.when).get("ProvisionedConcurrencyConfig"))
                if configured and function_in(function.template, named.parts) == function.name:
                    yield Finding(
                        (*function.path, "ProvisionedConcurrencyConfig"),
                        f"{function} has provisioned concurrency (on {resource.name}). Lambda@Edge refuses "
                        "it: remove ProvisionedConcurrencyConfig.",
                    )


class NoEphemeralStorage(FunctionRule):
    id = "E9011"
    shortdesc = f"An edge function has at most {FUNCTION_EPHEMERAL_STORAGE_MB} MB of ephemeral storage"
    description = f"Lambda@Edge refuses more than {FUNCTION_EPHEMERAL_STORAGE_MB} MB of ephemeral storage."
    source_url = RESTRICTIONS
    advice = "Remove EphemeralStorage."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for size in function.properties.walk("EphemeralStorage", "Size"):
            if (size.number or 0) > FUNCTION_EPHEMERAL_STORAGE_MB:
                yield Finding(
                    size.path,
                    f"{function} has {size.number} MB of ephemeral storage. Lambda@Edge gives "
                    f"{FUNCTION_EPHEMERAL_STORAGE_MB} MB: remove EphemeralStorage.",
                )


class NoRuntimeManagement(FunctionRule):
    id = "E9023"
    shortdesc = "An edge function has no runtime management"
    description = "Lambda@Edge runs the newest patch of a runtime only: it refuses runtime management."
    source_url = RESTRICTIONS
    advice = "Remove RuntimeManagementConfig."

    def refusals(self, function: EdgeFunction) -> Iterator[Finding]:
        for mode in function.properties.walk("RuntimeManagementConfig", "UpdateRuntimeOn"):
            if mode.text not in (None, "Auto"):
                yield Finding(
                    mode.path[:-1],
                    f"{function} has its runtime updated on {mode.text}. Lambda@Edge takes no runtime management but "
                    "Auto: remove RuntimeManagementConfig.",
                )
