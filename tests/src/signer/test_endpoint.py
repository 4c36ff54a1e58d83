"""The service and Region for which a request is signed, and its Host."""

import botocore.session
import pytest

from signer.settings import MisconfiguredError

# Services that signatures and domains name differently, as botocore calls them.
NAMED_OTHERWISE = {
    "appconfigdata",
    "bedrock-agent-runtime",
    "bedrock-runtime",
    "lexv2-runtime",
    "personalize-events",
    "personalize-runtime",
    "pinpoint",
    "ses",
    "sesv2",
}


def scope(request):
    """The Region and service in the request's signature."""
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
        ("bucket.s3-us-west-2.amazonaws.com", ("s3", "us-west-2")),
        ("s3-fips-us-gov-west-1.amazonaws.com", ("s3", "us-gov-west-1")),
        ("bucket.s3-fips.dualstack.us-gov-east-1.amazonaws.com", ("s3", "us-gov-east-1")),
        ("bucket.s3.cn-north-1.amazonaws.com.cn", ("s3", "cn-north-1")),
        ("bucket.s3.dualstack.cn-northwest-1.amazonaws.com.cn", ("s3", "cn-northwest-1")),
        ("bucket.s3.eusc-de-east-1.amazonaws.eu", ("s3", "eusc-de-east-1")),
        ("point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
        ("point-123456789012.s3-accesspoint-fips.dualstack.us-east-1.amazonaws.com", ("s3", "us-east-1")),
        ("a1b2.execute-api-fips.us-gov-west-1.amazonaws.com", ("execute-api", "us-gov-west-1")),
        ("a1b2.execute-api.cn-north-1.amazonaws.com.cn", ("execute-api", "cn-north-1")),
        ("a1b2.execute-api.eu-west-1.api.aws", ("execute-api", "eu-west-1")),
        ("search-x-a1b2.eu-west-1.es.amazonaws.com", ("es", "eu-west-1")),
        ("search-x-a1b2.aos.eu-west-1.on.aws", ("es", "eu-west-1")),
        ("a1b2.us-east-1.aoss.amazonaws.com", ("aoss", "us-east-1")),
        ("doc-x-a1b2.us-east-1.cloudsearch.amazonaws.com", ("cloudsearch", "us-east-1")),
        ("a1b2.appsync-api.eu-west-1.amazonaws.com", ("appsync", "eu-west-1")),
        ("a1b2-ats.iot.eu-west-1.amazonaws.com", ("iotdata", "eu-west-1")),
        ("a1b2.data.mediastore.eu-west-1.amazonaws.com", ("mediastore", "eu-west-1")),
        ("a1b2c3.egress.d4e5f6.mediapackagev2.eu-west-1.amazonaws.com", ("mediapackagev2", "eu-west-1")),
        ("dynamodb.us-east-1.amazonaws.com", ("dynamodb", "us-east-1")),
        ("dynamodb-fips.ca-central-1.amazonaws.com", ("dynamodb", "ca-central-1")),
        ("sqs.eu-west-1.api.aws", ("sqs", "eu-west-1")),
        ("sqs.cn-north-1.api.amazonwebservices.com.cn", ("sqs", "cn-north-1")),
        ("bedrock-runtime-fips.us-east-1.amazonaws.com", ("bedrock", "us-east-1")),
        ("runtime.sagemaker.us-east-2.amazonaws.com", ("sagemaker", "us-east-2")),
        # Buckets whose names are made to look like other endpoints.
        ("x.execute-api.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
        ("x.s3.us-east-1.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
        ("eu-west-2.es.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
        ("dualstack.s3-fips.s3.eu-west-1.amazonaws.com", ("s3", "eu-west-1")),
    ],
)
def test_service_and_region_of_the_domain(origin_request, sign, domain, expected):
    """The origin's domain names the service and the Region."""
    assert scope(sign(origin_request(domainName=domain))) == expected


@pytest.mark.parametrize(
    ("domain", "settings", "expected"),
    [
        ("api.example.org", {"service": "execute-api", "region": "eu-west-1"}, ("execute-api", "eu-west-1")),
        ("bucket.s3-accelerate.amazonaws.com", {"region": "eu-west-1"}, ("s3", "eu-west-1")),
        ("bucket.s3-accelerate.dualstack.amazonaws.com", {"region": "eu-west-1"}, ("s3", "eu-west-1")),
        ("abc.lambda-url.eu-west-1.on.aws", {"region": "eu-west-2"}, ("lambda", "eu-west-2")),
        ("abc.lambda-url.eu-west-1.on.aws", {"service": "vpc-lattice-svcs"}, ("vpc-lattice-svcs", "eu-west-1")),
    ],
)
def test_settings_take_precedence(origin_request, sign, domain, settings, expected):
    """The settings name service and Region of other origins, and override the domain."""
    assert scope(sign(origin_request(domainName=domain, settings=settings))) == expected


@pytest.mark.parametrize(
    "domain",
    [
        "api.example.org",
        "abc.lambda-url.eu-west-1.on.aws.example.org",
        "evil.s3.us-east-1.amazonaws.com.example.org",
        "bucket.s3.us-east-1.amazonaws.com.evil",
        "bucket.s3.us-east-1.notamazonaws.com",
        "bucket.s3.us-east-1.amazonaws.org",
        "lambda-url.eu-west-1.on.aws",
        "name-123.eu-west-1.elb.amazonaws.com",
        "ec2-203-0-113-1.eu-west-1.compute.amazonaws.com",
        "amazonaws.com",
        "example",
    ],
)
def test_unknown_endpoint(origin_request, sign, domain):
    """If the domain names neither, the error says which settings to set."""
    with pytest.raises(MisconfiguredError) as error:
        sign(origin_request(domainName=domain))
    assert str(error.value) == (
        f"{domain} does not name its AWS service and Region: "
        "set the origin custom headers x-signer-service and x-signer-region"
    )


@pytest.mark.parametrize(
    ("domain", "settings", "missing"),
    [
        ("api.example.org", {"service": "execute-api"}, "Region"),
        ("api.example.org", {"region": "eu-west-1"}, "service"),
        ("bucket.s3.amazonaws.com", {}, "Region"),  # the global endpoint
        ("bucket.s3-accelerate.amazonaws.com", {}, "Region"),
        ("bucket.s3-accelerate.dualstack.amazonaws.com", {}, "Region"),
        ("bucket.s3-website.eu-central-1.amazonaws.com", {}, "service"),  # takes no signature
        ("abc.lambda-url.eu-west-1.amazonaws.com", {}, "service"),
    ],
)
def test_endpoint_that_tells_half(origin_request, sign, domain, settings, missing):
    """If only the Region or only the service is missing, the error says which setting to set."""
    with pytest.raises(MisconfiguredError) as error:
        sign(origin_request(domainName=domain, settings=settings))
    name = f"x-signer-{missing.lower()}"
    assert str(error.value) == f"{domain} does not name its AWS {missing}: set the origin custom header {name}"


def test_endpoints_as_botocore_names_them(origin_request, sign):
    """For each of botocore's regional services, the name is botocore's signing name or unknown."""
    loader = botocore.session.get_session().get_component("data_loader")
    wrong = {}
    for name in NAMED_OTHERWISE | {
        "dynamodb",
        "sqs",
        "kinesis",
        "sagemaker-runtime",
        "iot-data",
        "s3control",
    }:
        metadata = loader.load_service_model(name, "service-2")["metadata"]
        signed = metadata.get("signingName", metadata["endpointPrefix"])
        for domain in ("{}.eu-west-1.amazonaws.com", "{}-fips.us-gov-west-1.amazonaws.com", "{}.cn-north-1.api.aws"):
            found, _ = scope(sign(origin_request(domainName=domain.format(metadata["endpointPrefix"]))))
            if found != signed:
                wrong[name] = (found, signed)
    assert wrong == {}


def test_body_hash_asks_nothing_of_the_domain(origin_request, sign):
    """In the mode body-hash any domain works: the hash is added, and the Host remains."""
    event = origin_request(
        "POST", "/a%7Eb", "q=a+b", domainName="api.example.org", body=b"{}", settings={"mode": "body-hash"}
    )
    expected = origin_request("POST", "/a~b", "q=a%20b", domainName="api.example.org", body=b"{}")
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
    """Host includes a port that is not the protocol's default."""
    settings = {"service": "neptune-db", "region": "eu-west-1"}
    event = origin_request(domainName="db.example.org", protocol=protocol, port=port, settings=settings)
    assert sign(event)["headers"]["host"] == [{"key": "host", "value": host}]


def test_bucket_as_an_s3_origin(origin_request, sign):
    """A request to an S3 origin, which has no port, is signed as well."""
    request = sign(origin_request("PUT", "/key", kind="s3", body=b"x"))
    assert scope(request) == ("s3", "eu-west-1")
    assert request["headers"]["host"] == [{"key": "host", "value": "bucket.s3.eu-west-1.amazonaws.com"}]
