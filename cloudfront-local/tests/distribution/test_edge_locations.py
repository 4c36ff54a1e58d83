"""The names of edge locations."""

import re

from cloudfront_local.distribution.edge_locations import edge_host


def test_edge_host() -> None:
    """An edge location has the airport code nearest to its Region, and a host name that never changes."""
    hosts = {region: edge_host(region) for region in ("us-east-1", "eu-central-1", "ap-southeast-2", "mars-north-1")}
    assert [host.pop for host in hosts.values()] == ["IAD1-P1", "FRA1-P1", "SYD1-P1", "IAD1-P1"]
    assert len({host.via for host in hosts.values()}) == 4
    for region, host in hosts.items():
        assert re.fullmatch(r"[0-9a-f]{32}\.cloudfront\.net \(CloudFront\)", host.via)
        assert edge_host(region) == host
