"""What a request is signed for, and the name by which its origin is asked."""

import pytest

from signer.settings import MisconfiguredError


def scope(request):
    """Region and service in the request's signature."""
    (item,) = request["headers"]["authorization"]
    _, _, region, service, _ = item["value"].partition(",")[0].split("/")
    return service, region


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("abc123.lambda-url.eu-west-1.on.aws", ("lambda", "eu-west-1")),
        ("ABC123.Lambda-URL.us-east-1.ON.AWS", ("lambda", "us-east-1")),
        ("a1b2.execute-api.ap-southeast-2.amazonaws.com", ("execute-api", "ap-southeast-2")),
        ("a1b2-vpce-0a1b.execute-api.eu-west-1.amazonaws.com", ("execute-api", "eu-west-1")),
        ("bucket.s3.eu-central-1.amazonaws.com", ("s3", "eu-central-1")),
        ("my.dotted.bucket.s3.eu-central-1.amazonaws.com", ("s3", "eu-central-1")),
        ("bucket.s3.dualstack.us-west-2.amazonaws.com", ("s3", "us-west-2")),
        ("s3.us-west-2.amazonaws.com", ("s3", "us-west-2")),
        # Buckets whose names are made to look like other endpoints.
        ("x.execute-api.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
        ("x.s3.us-east-1.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
    ],
)
def test_service_and_region_of_the_domain(origin_request, sign, domain, expected):
    """The endpoint's name tells which service it is of and where."""
    assert scope(sign(origin_request(domainName=domain))) == expected


@pytest.mark.parametrize(
    ("domain", "settings", "expected"),
    [
        ("api.example.org", {"service": "execute-api", "region": "eu-west-1"}, ("execute-api", "eu-west-1")),
        ("search-x.eu-west-1.es.amazonaws.com", {"service": "es", "region": "eu-west-1"}, ("es", "eu-west-1")),
        ("abc.lambda-url.eu-west-1.on.aws", {"region": "eu-west-2"}, ("lambda", "eu-west-2")),
        ("abc.lambda-url.eu-west-1.on.aws", {"service": "vpc-lattice-svcs"}, ("vpc-lattice-svcs", "eu-west-1")),
    ],
)
def test_settings_take_precedence(origin_request, sign, domain, settings, expected):
    """Service and Region of any other origin are settings, which count more than the domain."""
    assert scope(sign(origin_request(domainName=domain, settings=settings))) == expected


@pytest.mark.parametrize(
    ("domain", "settings"),
    [
        ("api.example.org", {}),
        ("api.example.org", {"service": "execute-api"}),
        ("api.example.org", {"region": "eu-west-1"}),
        ("bucket.s3.amazonaws.com", {}),  # the global endpoint
        ("abc.lambda-url.eu-west-1.on.aws.example.org", {}),
        ("lambda-url.eu-west-1.on.aws", {}),
        ("abc.lambda-url.eu-west-1.amazonaws.com", {}),
    ],
)
def test_unknown_endpoint(origin_request, sign, domain, settings):
    """A domain that does not tell is refused, and the message says what to set."""
    with pytest.raises(MisconfiguredError) as error:
        sign(origin_request(domainName=domain, settings=settings))
    assert str(error.value) == (
        f"{domain} does not tell its AWS service and Region: "
        "set the origin custom headers x-signer-service and x-signer-region"
    )


def test_body_hash_asks_nothing_of_the_domain(origin_request, sign):
    """An origin access control signs for whatever it is: only the hash is added, host and query stay."""
    event = origin_request(
        "POST", "/a%7Eb", "q=a+b", domainName="api.example.org", body=b"{}", settings={"mode": "body-hash"}
    )
    expected = origin_request("POST", "/a%7Eb", "q=a+b", domainName="api.example.org", body=b"{}")
    expected = expected["Records"][0]["cf"]["request"]
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    expected["headers"]["x-amz-content-sha256"] = [{"key": "X-Amz-Content-Sha256", "value": digest}]
    assert sign(event) == expected


@pytest.mark.parametrize(
    ("protocol", "port", "host"),
    [
        ("https", 443, "db.example.org"),
        ("http", 80, "db.example.org"),
        ("https", 8182, "db.example.org:8182"),
        ("https", 80, "db.example.org:80"),
        ("http", 443, "db.example.org:443"),
    ],
)
def test_host_has_the_port(origin_request, sign, protocol, port, host):
    """Host is the origin's authority: a port that is not the protocol's own belongs to it."""
    settings = {"service": "neptune-db", "region": "eu-west-1"}
    event = origin_request(domainName="db.example.org", protocol=protocol, port=port, settings=settings)
    assert sign(event)["headers"]["host"] == [{"key": "host", "value": host}]


def test_bucket_as_an_s3_origin(origin_request, sign):
    """An S3 origin, which has no port, is signed for like any other."""
    request = sign(origin_request("PUT", "/key", kind="s3", body=b"x"))
    assert scope(request) == ("s3", "eu-west-1")
    assert request["headers"]["host"] == [{"key": "host", "value": "bucket.s3.eu-west-1.amazonaws.com"}]
