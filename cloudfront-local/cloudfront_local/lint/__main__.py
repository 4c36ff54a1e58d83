"""`python -m cloudfront_local.lint TEMPLATE`: the findings and the edge functions' runtimes as JSON.

The JSON is a list: a list of [line, rule's id, message], and the runtimes by logical id.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cloudfront_local.lint.findings import judged

json.dump(judged(Path(sys.argv[1])), sys.stdout)
