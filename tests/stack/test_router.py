"""The router's content buckets. template.yaml creates one, and regional.yaml creates the others."""

import re
from pathlib import Path
from typing import Any

from cfnlint.decode import cfn_yaml

REPOSITORY = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = cfn_yaml.loads((REPOSITORY / "template.yaml").read_text())
REGIONAL: dict[str, Any] = cfn_yaml.loads((REPOSITORY / "regional.yaml").read_text())


def test_content_buckets_admit_one_reader():
    """All content buckets allow the same reader, over TLS only."""
    own, further = (
        template["Resources"]["ContentBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        for template in (TEMPLATE, REGIONAL)
    )
    (condition, *readers), tls_only = own[0]["Fn::If"], own[1]
    further_condition, *further_readers = further[0]["Fn::If"]
    assert [condition, tls_only] == [further_condition, further[1]]
    assert [reader["Sid"] for reader in readers] == ["ThisIdentity", "Router"]
    assert tls_only["Sid"] == "TlsOnly"
    for one, other in zip(readers, further_readers, strict=True):
        assert {**one, "Principal": None} == {**other, "Principal": None}


def test_access_by_default():
    """By default the router signs in every Region, and there is no origin access identity."""
    for template in (TEMPLATE, REGIONAL):
        assert template["Parameters"]["ContentAccess"]["Default"] == "sigv4"
        assert template["Conditions"]["HasContentIdentity"] == {"Fn::Equals": [{"Ref": "ContentAccess"}, "oai"]}
    for section, name in (("Resources", "ContentIdentity"), ("Outputs", "ContentIdentityId")):
        assert TEMPLATE[section][name]["Condition"] == "HasContentIdentity"
    assert REGIONAL["Parameters"]["ContentIdentityId"]["Default"] == ""


def test_name_in_a_bucket():
    """The longest stack name fits into a bucket's name in any Region."""
    parameter = REGIONAL["Parameters"]["EdgeStackName"]
    longest = "a" * 27
    assert len(f"{longest}-content-123456789012-ap-southeast-2") == 63
    assert re.search(parameter["AllowedPattern"], longest)
    assert not re.search(parameter["AllowedPattern"], f"{longest}a")
    assert "at most 27 characters" in parameter["ConstraintDescription"]
