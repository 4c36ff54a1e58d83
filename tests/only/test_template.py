"""template.yaml, reduced: what stays is as it was, and is all that is needed."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

REPOSITORY = Path(__file__).parents[2]
# The functions of each behavior there may be: by the choice's names, what runs at which event.
BEHAVIORS = {
    "*": {"authorizer": "viewer-request", "security_headers": "origin-response"},
    "/demo/*": {"redirect": "viewer-request", "security_headers": "origin-response"},
    "/api/*": {"authorizer": "viewer-request", "signer": "origin-request"},
    "/files/*": {"authorizer": "viewer-request", "router": "origin-request", "security_headers": "origin-response"},
}
OWNERS = {"/demo/*": "redirect", "/api/*": "signer", "/files/*": "router"}


def is_subsequence(lines, of):
    remaining = iter(of)
    return all(line in remaining for line in lines)


@pytest.mark.parametrize("name", ["template.yaml", "src/Makefile"])
def test_lines_stay(reduced, name):
    """No line is changed or moved, comments included."""
    before = (REPOSITORY / name).read_text().splitlines()
    after = (reduced / name).read_text().splitlines()
    assert is_subsequence(after, before)
    assert "\n\n\n" not in (reduced / name).read_text()


def test_lint(reduced):
    """cfn-lint has nothing to say, by the repository's settings: nothing is missing, nothing unused."""
    program = Path(sys.executable).with_name("cfn-lint")
    run = subprocess.run([program], cwd=reduced, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "")


def test_what_stays_is_whole(reduced):
    """Of what stays, nothing is cut but the distribution."""
    before = yaml_parse((REPOSITORY / "template.yaml").read_text())
    after = yaml_parse((reduced / "template.yaml").read_text())
    assert list(after) == [section for section in before if section in after]
    for section in ("Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs"):
        for name, value in after[section].items():
            assert value == before[section][name] or name == "Distribution", name


def test_comments_stay_with_what_they_are_about(reduced):
    """A comment goes with the line below it, and with that line only."""
    before = (REPOSITORY / "template.yaml").read_text().splitlines()
    after = (reduced / "template.yaml").read_text().splitlines()
    comments = [(line, below) for line, below in pairwise(after) if line.lstrip().startswith("#")]
    assert comments
    assert all(below.strip() for _, below in comments)
    assert set(comments) <= set(pairwise(before))


def test_behaviors(reduced):
    """The default behavior stays, and those of functions that stay; on each runs what ran there, as far as it stays."""
    kept = reduced.name.split()
    config = yaml_parse((reduced / "template.yaml").read_text())["Resources"]["Distribution"]["Properties"]
    config = config["DistributionConfig"]
    found = {
        behavior.get("PathPattern", "*"): [each["EventType"] for each in behavior.get("LambdaFunctionAssociations", [])]
        for behavior in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]
    }
    assert found == {
        pattern: [event for name, event in functions.items() if name in kept]
        for pattern, functions in BEHAVIORS.items()
        if OWNERS.get(pattern, kept[0]) in kept
    }
    origins = {
        behavior["TargetOriginId"] for behavior in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]
    }
    assert {origin["Id"] for origin in config["Origins"]} == origins


def test_settings(reduced):
    """Origin custom headers are settings of functions that stay."""
    config = yaml_parse((reduced / "template.yaml").read_text())["Resources"]["Distribution"]["Properties"]
    headers = [h for origin in config["DistributionConfig"]["Origins"] for h in origin.get("OriginCustomHeaders", [])]
    prefixes = tuple(f"x-{name.replace('_', '-')}-" for name in reduced.name.split())
    assert all(header["HeaderName"].startswith(prefixes) for header in headers)
