"""The router's content buckets, which template.yaml has for one Region and regional.yaml for the others."""

import re
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse

REPOSITORY = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = yaml_parse((REPOSITORY / "template.yaml").read_text())
REGIONAL: dict[str, Any] = yaml_parse((REPOSITORY / "regional.yaml").read_text())


def test_content_buckets_admit_one_reader():
    """The content bucket of the edge stack and those of further Regions are read in the same way."""
    own, further = (
        template["Resources"]["ContentBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        for template in (TEMPLATE, REGIONAL)
    )
    ((_, router, identity),) = (statement["Fn::If"] for statement in own)
    ((_, further_router, further_identity),) = (statement["Fn::If"] for statement in further)
    assert (
        [router["Sid"], identity["Sid"]]
        == [further_router["Sid"], further_identity["Sid"]]
        == ["Router", "ThisIdentity"]
    )
    for one, other in ((router, further_router), (identity, further_identity)):
        assert {**one, "Principal": None} == {**other, "Principal": None}


def test_name_in_a_bucket():
    """A stack's name is short enough for a bucket's name in any Region."""
    parameter = REGIONAL["Parameters"]["EdgeStackName"]
    longest = "a" * 27
    assert len(f"{longest}-content-123456789012-ap-southeast-2") == 63
    assert re.search(parameter["AllowedPattern"], longest)
    assert not re.search(parameter["AllowedPattern"], f"{longest}a")
    assert "at most 27 characters" in parameter["ConstraintDescription"]
