"""The facts of CloudFront."""

import re
from pathlib import Path

from cloudfront_local.rules import facts

PACKAGE = Path(facts.__file__).parents[1]


def test_every_fact_is_used():
    """Each fact is used somewhere in the package, in its own module at least."""
    code = "".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))
    names = [name for name in vars(facts) if name.isupper() and not name.startswith("_")]
    assert [name for name in names if len(re.findall(rf"\b{name}\b", code)) < 2] == []
