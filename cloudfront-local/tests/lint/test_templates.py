"""Every rule against good and bad templates: `templates/<rule>/good*.yaml` and `bad*.yaml`.

What cfn-lint has to say stands in the template, as comments above the line it says it of: `# E9003: <message>`.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from cloudfront_local.rules.facts import FUNCTION_ZIP_BYTES, MB

TEMPLATES = Path(__file__).parent / "templates"
GOOD = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/good*.yaml"))
BAD = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/bad*.yaml"))
CASES = sorted((TEMPLATES.parent / "cases").glob("*.yaml"))

EXPECTED = re.compile(r"\s*# (?P<rule>[EWI]9\d{3}): (?P<message>.+)")

# What templates about other rules may have beside: the functions of most have a role that nobody can judge, and some
# behaviors are of the time before policies.
BESIDE = {"I9001", "W9004"}


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """The templates, with the functions beside them that the E9014 ones say were built."""
    folder = shutil.copytree(TEMPLATES, tmp_path_factory.mktemp("lint") / "templates")
    built = folder / "E9014"
    for name in ("within", "zeros", "noise", ".aws-sam/build/Built"):
        (built / name).mkdir(parents=True)
    sparse(built / "within" / "model.bin", FUNCTION_ZIP_BYTES)
    sparse(built / "within.zip", FUNCTION_ZIP_BYTES)
    sparse(built / "past.zip", FUNCTION_ZIP_BYTES + 1)
    sparse(built / "zeros" / "model.bin", 60 * MB)
    (built / "noise" / "model.bin").write_bytes(os.urandom(51 * MB))
    (built / ".aws-sam" / "build" / "Built" / "model.bin").hardlink_to(built / "noise" / "model.bin")
    return folder


def sparse(path, size):
    path.touch()
    os.truncate(path, size)


def expected(template):
    """What the comments of a template announce: line, rule, message."""
    announced, waiting = [], []
    for number, line in enumerate(template.read_text().splitlines(), start=1):
        if comment := EXPECTED.fullmatch(line):
            waiting.append((comment["rule"], comment["message"]))
        else:
            announced += [(number, *said) for said in waiting]
            waiting = []
    return sorted(announced)


def judged(name, found):
    """Findings without those that are there beside what a template is about."""
    aside = BESIDE - {Path(name).parent.name}
    return [finding for finding in found if finding[1] not in aside]


@pytest.mark.parametrize("name", GOOD)
def test_good(name, templates, lint):
    """Nothing is found in a good template."""
    assert judged(name, lint(templates / name)) == []


@pytest.mark.parametrize("name", BAD)
def test_bad(name, templates, lint):
    """Exactly what a bad template announces is found in it, on the lines it announces, by the rule it is for."""
    found = judged(name, lint(templates / name))
    assert found == expected(templates / name)
    assert {rule for _, rule, _ in found} == {Path(name).parent.name}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case, lint):
    """What people have met is found where they met it, and nothing else."""
    assert lint(case) == expected(case)


def test_good_templates_are_sound(templates):
    """cfn-lint's own rules find nothing in the good templates either, but a condition that is never true.

    Parts of them lie elsewhere, which no rule can judge.
    """
    names = [str(templates / name) for name in GOOD if name.endswith("/good.yaml")]
    config = ConfigMixIn([], templates=names, regions=["us-east-1"], ignore_checks=["W8003", "I9001"])
    assert [str(match) for match in Runner(config).run()] == []
