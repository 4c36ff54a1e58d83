"""Which Region is near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.regions import nearest

REGIONS = ["ap-southeast-2", "eu-west-1", "us-east-1", "sa-east-1", "us-west-2"]


def itself(region):
    return region


@pytest.mark.parametrize(
    ("here", "region"),
    [
        ("us-west-2", "us-west-2"),
        ("eu-west-1", "eu-west-1"),
        ("us-east-2", "us-east-1"),
        ("ca-central-1", "us-east-1"),
        ("mx-central-1", "us-east-1"),
        ("us-gov-west-1", "us-east-1"),
        ("sa-west-1", "sa-east-1"),
        ("eu-central-2", "eu-west-1"),
        ("ap-northeast-1", "ap-southeast-2"),
        ("af-south-1", "ap-southeast-2"),
        ("me-south-1", "ap-southeast-2"),
        ("il-central-1", "ap-southeast-2"),
        ("xx-new-1", "ap-southeast-2"),
        ("", "ap-southeast-2"),
    ],
)
def test_nearest(here, region):
    """The same Region, else the first on the continent, else the first of all."""
    assert nearest(REGIONS, here, itself) == region


def test_israel_is_in_the_middle_east():
    """Continents are wider than prefixes."""
    assert nearest(["eu-west-1", "me-central-1"], "il-central-1", itself) == "me-central-1"


def test_unknown_regions_share_no_continent():
    """Two Regions that nobody has heard of are not near for that."""
    assert nearest(["eu-west-1", "yy-east-1"], "xx-east-1", itself) == "eu-west-1"


def test_candidates_of_any_kind():
    """What is chosen from need not be Regions, if each has one."""
    tables = ["arn:aws:dynamodb:eu-west-1:1:table/t", "arn:aws:dynamodb:us-east-1:1:table/t"]
    assert nearest(tables, "us-west-2", lambda arn: arn.split(":")[3]) == tables[1]


def test_no_candidate():
    """Of nothing nothing is nearest."""
    with pytest.raises(ValueError, match="empty"):
        nearest([], "us-east-1", itself)


@given(st.lists(st.text() | st.sampled_from(REGIONS), min_size=1), st.text() | st.sampled_from(REGIONS))
def test_any_text_is_a_region(candidates, here):
    """Whatever Regions come to be called, one is chosen; an exact one if there is."""
    chosen = nearest(candidates, here, itself)
    assert chosen in candidates
    assert chosen == here or here not in candidates
