"""All rules, as cfn-lint loads them (`append_rules` in .cfnlintrc).

`cloudfront_local.lint.plugin.lambda_at_edge` names this module where the tool is installed. Elsewhere the path of this
folder does: cfn-lint then executes this file, which finds the tool beside itself.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("cloudfront_local") is None:
    sys.path.append(str(Path(__file__).resolve().parents[3]))

from cloudfront_local.lint.catalog import RULES

# cfn-lint takes the classes that it finds as a module's members.
globals().update({rule.__name__: rule for rule in RULES})
