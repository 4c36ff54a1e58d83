"""The bucket and the Region in an S3 origin's domain name."""

import pytest

from cloudfront_local.distribution.origin import S3Origin, s3_region


@pytest.mark.parametrize(
    ("domain_name", "bucket", "region"),
    [
        ("site.s3.eu-west-1.amazonaws.com", "site", "eu-west-1"),
        ("site.s3-eu-west-1.amazonaws.com", "site", "eu-west-1"),
        ("site.s3.dualstack.ap-southeast-2.amazonaws.com", "site", "ap-southeast-2"),
        ("site.s3.us-gov-west-1.amazonaws.com", "site", "us-gov-west-1"),
        ("site.s3.amazonaws.com", "site", "us-east-1"),
        ("www.example.org.s3.eu-central-1.amazonaws.com", "www.example.org", "eu-central-1"),
    ],
)
def test_s3_domain_name(domain_name: str, bucket: str, region: str) -> None:
    """The REST endpoint's name has bucket and Region. The global endpoint's Region is us-east-1."""
    assert (S3Origin(domain_name=domain_name, region="").bucket, s3_region(domain_name)) == (bucket, region)
