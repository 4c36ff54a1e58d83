"""The distances between Regions."""

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.regions import nearest_first

REGIONS = ["ap-southeast-2", "eu-west-1", "us-east-1", "sa-east-1", "us-west-2"]


def itself(region):
    return region


def nearest(candidates, here, region_of=itself):
    """The first of the sorted candidates."""
    return nearest_first(candidates, here, region_of)[0]


@pytest.mark.parametrize(
    ("here", "region"),
    [
        ("us-west-2", "us-west-2"),
        ("eu-west-1", "eu-west-1"),
        ("us-east-2", "us-east-1"),
        ("us-west-1", "us-west-2"),
        ("ca-central-1", "us-east-1"),
        ("ca-west-1", "us-west-2"),
        ("us-gov-west-1", "us-west-2"),
        ("sa-west-1", "sa-east-1"),
        ("eu-central-2", "eu-west-1"),
        ("ap-northeast-1", "ap-southeast-2"),
        ("af-south-1", "sa-east-1"),
        ("il-central-1", "eu-west-1"),
        ("me-south-1", "eu-west-1"),
        ("eu-new-1", "eu-west-1"),
        ("xx-new-1", "ap-southeast-2"),
        ("", "ap-southeast-2"),
    ],
)
def test_nearest(here, region):
    """The nearest is the same Region, or else the one at the least distance, or else the first."""
    assert nearest(REGIONS, here) == region


def test_order():
    """All candidates are returned, so that a caller can use the next one after a failure."""
    assert nearest_first(REGIONS, "us-west-1", itself) == [
        "us-west-2",
        "us-east-1",
        "eu-west-1",
        "sa-east-1",
        "ap-southeast-2",
    ]


@pytest.mark.parametrize("here", boto3.session.Session().get_available_regions("ec2"))
def test_every_region_has_a_place(here):
    """Each Region of AWS is nearest to itself, and an unknown Region is farther away than any of AWS's."""
    others = [region for region in boto3.session.Session().get_available_regions("ec2") if region != here]
    assert nearest([*others, here], here) == here
    assert nearest(["xx-unknown-1", "us-east-1"], here) == "us-east-1"


def test_unknown_regions_are_not_near_each_other():
    """Two Regions with unknown prefixes are not near each other."""
    assert nearest(["yy-east-1", "eu-west-1"], "xx-east-1") == "yy-east-1"
    assert nearest(["yy-east-1", "eu-west-1"], "eu-west-2") == "eu-west-1"


def test_candidates_of_any_kind():
    """Candidates can be any objects that have a Region."""
    tables = ["arn:aws:dynamodb:eu-west-1:1:table/t", "arn:aws:dynamodb:us-east-1:1:table/t"]
    assert nearest(tables, "us-west-2", lambda arn: arn.split(":")[3]) == tables[1]


@given(st.lists(st.text() | st.sampled_from(REGIONS), min_size=1), st.text() | st.sampled_from(REGIONS))
def test_any_text_is_a_region(candidates, here):
    """For Regions of any names one candidate is chosen, an exact match if there is one."""
    chosen = nearest(candidates, here)
    assert chosen in candidates
    assert chosen == here or here not in candidates
