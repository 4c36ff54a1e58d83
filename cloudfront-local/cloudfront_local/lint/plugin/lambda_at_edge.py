"""All rules, for a cfn-lint that is given the path of this folder: it executes this file alone, from wherever it is."""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("cloudfront_local") is None:
    sys.path.append(str(Path(__file__).resolve().parents[3]))

from cloudfront_local.lint.catalog import RULES

globals().update({rule.__name__: rule for rule in RULES})
