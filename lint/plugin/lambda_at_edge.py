"""What cfn-lint loads (`append_rules` in .cfnlintrc): the rules of this folder's parent, all of them.

cfn-lint executes every file of the folder it is given, by path, from a command whose search path knows nothing of
this repository. So this file stands alone in its folder, and finds the repository before it imports from it.
"""

import sys
from pathlib import Path

REPOSITORY = str(Path(__file__).resolve().parents[2])
if REPOSITORY not in sys.path:
    sys.path.insert(0, REPOSITORY)

from lint.rules.associations import BodyAtRequestEvents, NotMixedOnViewerEvents, OneFunctionPerEvent  # noqa: E402
from lint.rules.authorization import StrippedAuthorization  # noqa: E402
from lint.rules.custom_headers import CustomHeaderNames, CustomHeaderQuotas  # noqa: E402
from lint.rules.function_url import BothUrlActions  # noqa: E402
from lint.rules.host import HostOfTheOrigin  # noqa: E402
from lint.rules.limits import Timeout, ViewerMemory  # noqa: E402
from lint.rules.package import ZipSize  # noqa: E402
from lint.rules.region import RegionAssertion  # noqa: E402
from lint.rules.role import TrustedRole  # noqa: E402
from lint.rules.runtime import SupportedRuntime  # noqa: E402
from lint.rules.unsupported import (  # noqa: E402
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
from lint.rules.version import NumberedVersion  # noqa: E402

__all__ = [
    "BodyAtRequestEvents",
    "BothUrlActions",
    "CustomHeaderNames",
    "CustomHeaderQuotas",
    "HostOfTheOrigin",
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
    "ViewerMemory",
    "ZipSize",
]
