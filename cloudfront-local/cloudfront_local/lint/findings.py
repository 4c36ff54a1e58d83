"""The findings of this package's rules in a template.

Its rules alone: the hundreds that cfn-lint brings along would take as long again. No .cfnlintrc has a say, neither the
current folder's nor the user's.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

PLUGIN = Path(__file__).with_name("plugin")


def findings(template: Path) -> list[tuple[int, str, str]]:
    """Line, rule's id and message of each, in the order of the lines."""
    gc.disable()  # A quarter of the time would go into looking for garbage among what cfn-lint imports.
    from cfnlint.config import ConfigMixIn
    from cfnlint.rules import Rules
    from cfnlint.runner.template import run_template_by_file_path

    rules = Rules.create_from_directory(str(PLUGIN))
    config = ConfigMixIn(["--config-file", os.devnull, "--regions", "us-east-1"])
    matches = run_template_by_file_path(str(template), config, rules, ignore_bad_template=False)
    return sorted((match.linenumber, match.rule.id, match.message) for match in matches)
