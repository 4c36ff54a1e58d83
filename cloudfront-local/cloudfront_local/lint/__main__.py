"""`python -m cloudfront_local.lint TEMPLATE`: the facts about a template that `serve` needs, as JSON.

The JSON is a list: a list of [line, rule's id, message]; the runtimes of edge functions by logical id; the section
Parameters; and the logical ids of the distributions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cloudfront_local.lint.findings import judged

json.dump(judged(Path(sys.argv[1])), sys.stdout, default=str)
