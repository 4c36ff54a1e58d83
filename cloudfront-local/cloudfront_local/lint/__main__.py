"""`python -m cloudfront_local.lint TEMPLATE`: the findings as JSON, a list of [line, rule's id, message]."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cloudfront_local.lint.findings import findings

json.dump(findings(Path(sys.argv[1])), sys.stdout)
