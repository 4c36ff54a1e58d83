"""What cfn-lint loads (`append_rules` in .cfnlintrc): the rules of this folder's parent, all of them.

cfn-lint executes every file of the folder it is given, by path, from a command whose search path knows
nothing of this repository. So this file stands alone in its folder, and names the repository before it
imports from it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lint.rules.associations import BodyAtRequestEvents, NotMixedOnViewerEvents, OneFunctionPerEvent
from lint.rules.authorization import StrippedAuthorization
from lint.rules.custom_headers import CustomHeaderNames, CustomHeaderQuotas
from lint.rules.function_url import BothUrlActions
from lint.rules.host import HostOfTheOrigin
from lint.rules.limits import Memory, Timeout
from lint.rules.package import ZipSize
from lint.rules.region import RegionAssertion
from lint.rules.role import TrustedRole
from lint.rules.runtime import SupportedRuntime
from lint.rules.unsupported import (
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
from lint.rules.version import NumberedVersion

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
