"""The table of what belongs to which function: everything in it is there, and nothing was forgotten."""

import re
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from only.parts import PARTS, STARTER

REPOSITORY = Path(__file__).parents[2]
TEMPLATE = yaml_parse((REPOSITORY / "template.yaml").read_text())
PARTS_AND_STARTER = [*PARTS.values(), STARTER]

# What every stack has, whatever functions.
ALWAYS = {
    "Parameters": {"PriceClass", "WebAclArn", "AccessLogBucket", "DomainNames", "CertificateArn"},
    "Conditions": {"HasDomainNames", "HasWebAcl", "HasAccessLogBucket"},
    "Resources": {"SiteBucket", "SiteBucketPolicy", "SiteAccessControl", "Distribution"},
    "Outputs": {"Url", "DistributionId", "SiteBucketName"},
}


@pytest.mark.parametrize("section", ALWAYS)
def test_template(section):
    """Whatever has a name in the template belongs to a function or to every stack."""
    named = {name for part in PARTS.values() for name in (*part.names, *part.functions)}
    assert set(TEMPLATE[section]) - named == ALWAYS[section]


def test_names():
    """No name in the table is one that the template has not."""
    there = {name for section in ALWAYS for name in TEMPLATE[section]}
    assert {name for part in PARTS.values() for name in (*part.names, *part.functions)} <= there


def test_packages():
    """Every folder of src/ is a function's, but for what they share."""
    folders = {path.parent.name for path in (REPOSITORY / "src").glob("*/__init__.py")}
    assert folders - {package for part in PARTS.values() for package in part.packages} == {"edge"}


@pytest.mark.parametrize("name", [name for part in PARTS_AND_STARTER for name in part.files if "*" not in name])
def test_files(name):
    """Every file in the table is there."""
    assert (REPOSITORY / name).exists()


def test_commands_and_targets():
    """Every command and every target of the table is there."""
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert {target for part in PARTS_AND_STARTER for target in part.targets} <= set(targets)
    modules = (path.read_text() for path in (REPOSITORY / "stack" / "commands").glob("*.py"))
    commands = {name for text in modules for name in re.findall(r'^NAME = "(.*)"$', text, re.MULTILINE)}
    assert {command for part in PARTS.values() for command in part.commands} <= commands


@pytest.mark.parametrize(("name", "word"), [line for part in PARTS_AND_STARTER for line in part.lines])
def test_lines(name, word):
    """A word for a line is in one line of its file."""
    assert len([line for line in (REPOSITORY / name).read_text().splitlines() if word in line]) == 1


def test_behaviors_and_origins():
    """Every path pattern and every origin is a function's; the default ones stay."""
    config = TEMPLATE["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    patterns = [behavior["PathPattern"] for behavior in config["CacheBehaviors"]]
    assert sorted(path for part in PARTS.values() for path in part.paths) == sorted(patterns)
    origins = [origin["Id"] for origin in config["Origins"]]
    assert sorted(["site", *(name for part in PARTS.values() for name in part.origins)]) == sorted(origins)
