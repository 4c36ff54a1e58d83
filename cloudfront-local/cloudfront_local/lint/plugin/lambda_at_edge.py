"""What cfn-lint loads (`append_rules` in .cfnlintrc): the rules of this folder's parent, all of them.

cfn-lint executes every file of the folder it is given, by path, from a command whose search path knows
nothing of this repository. So this file stands alone in its folder, and names the repository before it
imports from it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from cloudfront_local.lint.rules.associations import BodyAtRequestEvents, NotMixedOnViewerEvents, OneFunctionPerEvent
from cloudfront_local.lint.rules.authorization import StrippedAuthorization
from cloudfront_local.lint.rules.custom_headers import CustomHeaderNames, CustomHeaderQuotas
from cloudfront_local.lint.rules.function_url import BothUrlActions
from cloudfront_local.lint.rules.host import HostOfTheOrigin
from cloudfront_local.lint.rules.limits import Memory, Timeout
from cloudfront_local.lint.rules.package import ZipSize
from cloudfront_local.lint.rules.region import RegionAssertion
from cloudfront_local.lint.rules.role import TrustedRole
from cloudfront_local.lint.rules.runtime import SupportedRuntime
from cloudfront_local.lint.rules.unsupported import (
    NoArm,
    NoContainerImage,
    NoDeadLetterQueue,
    NoEnvironmentVariables,
    NoEphemeralStorage,
    NoLayers,
    NoProvisionedConcurrency,
    NoVpc,
    NoXRay,
)
from cloudfront_local.lint.rules.version import NumberedVersion

__all__ = [
    "BodyAtRequestEvents",
    "BothUrlActions",
    "CustomHeaderNames",
    "CustomHeaderQuotas",
    "HostOfTheOrigin",
    "Memory",
    "NoArm",
    "NoContainerImage",
    "NoDeadLetterQueue",
    "NoEnvironmentVariables",
    "NoEphemeralStorage",
    "NoLayers",
    "NoProvisionedConcurrency",
    "NoVpc",
    "NoXRay",
    "NotMixedOnViewerEvents",
    "NumberedVersion",
    "OneFunctionPerEvent",
    "RegionAssertion",
    "StrippedAuthorization",
    "SupportedRuntime",
    "Timeout",
    "TrustedRole",
    "ZipSize",
]
