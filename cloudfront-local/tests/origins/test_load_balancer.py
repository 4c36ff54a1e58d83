"""Load balancers of the embedded AWS by their own names: listeners, TLS, the viewer's Host, and internal ones."""

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from cloudfront_local.aws import apis
from cloudfront_local.aws.embedded.data_planes import VIEWER_HOST
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution import unverified
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin
from cloudfront_local.distribution.pages import OriginFailed
from cloudfront_local.origins.load_balancer import LoadBalancers
from cloudfront_local.origins.transport import Transport

CERTIFICATE = [{"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}]


@dataclass
class Balancer:
    """A new load balancer, as an origin of a distribution."""

    client: Any
    found: dict[str, Any]
    origins: LoadBalancers

    def listen(self, port: int, protocol: str, body: str) -> None:
        """Adds a listener with two answers: `body`, and `for WWW` for the host www.example.com."""
        fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": body}}]
        more = {"Certificates": CERTIFICATE} if protocol == "HTTPS" else {}
        arn = self.found["LoadBalancerArn"]
        made = self.client.create_listener(
            LoadBalancerArn=arn, Port=port, Protocol=protocol, DefaultActions=fixed, **more
        )
        answer = {"StatusCode": "200", "MessageBody": "for www"}
        self.client.create_rule(
            ListenerArn=made["Listeners"][0]["ListenerArn"],
            Priority=1,
            Conditions=[{"Field": "host-header", "Values": ["www.example.com"]}],
            Actions=[{"Type": "fixed-response", "FixedResponseConfig": answer}],
        )

    async def fetch(self, host: str = "", domain: str = "", **parts: Any) -> Response:
        origin = CustomOrigin(domain_name=domain or self.found["DNSName"], **parts)
        assert self.origins.serves(origin)
        sent = CIMultiDict({"Host": host or origin.domain_name})
        return await self.origins.fetch(Request("GET", "/x", headers=sent), origin)


@pytest.fixture
async def balancer(aws: Endpoint) -> AsyncIterator[Callable[..., Balancer]]:
    transport, client = Transport(aws.url, aws.headers("forward")), aws.client("elbv2")

    def balancer(**parts: Any) -> Balancer:
        found = client.create_load_balancer(Name=f"Site-{uuid.uuid4().hex[:12]}", **parts)["LoadBalancers"][0]
        return Balancer(client, found, LoadBalancers(transport, apis.balancers(aws), VIEWER_HOST))

    yield balancer
    await transport.close()


async def test_listeners(balancer) -> None:
    """The origin's port chooses the listener, and the viewer's Host its rule."""
    served = balancer()
    served.listen(80, "HTTP", "plain")
    served.listen(8080, "HTTP", "other")
    plain = {"protocol": "http", "port": 80}
    assert (await served.fetch(**plain)).body == b"plain"
    assert (await served.fetch(protocol="http", port=8080)).body == b"other"
    assert (await served.fetch("www.example.com", **plain)).body == b"for www"
    assert (await served.fetch("d111111abcdef8.cloudfront.net:8080", **plain)).body == b"plain"
    assert (await served.fetch(domain=served.found["DNSName"].lower(), **plain)).body == b"plain"
    assert (await served.fetch(domain=f"dualstack.{served.found['DNSName']}", **plain)).body == b"plain"


async def test_tls(balancer, caplog) -> None:
    """TLS works if the viewer's Host is forwarded: no certificate can name the load balancer's own domain."""
    served = balancer()
    served.listen(443, "HTTPS", "secure")
    assert (await served.fetch("www.example.com")).body == b"for www"
    with pytest.raises(OriginFailed) as failed:
        await served.fetch()
    assert failed.value.status == 502
    assert "TLS fails, because no certificate can name that domain. Forward the viewer's Host" in caplog.text


async def test_tls_and_plain_http(balancer, caplog) -> None:
    """A listener refuses the other protocol."""
    served = balancer()
    served.listen(8443, "HTTPS", "secure")
    served.listen(8080, "HTTP", "plain")
    refused = await served.fetch("www.example.com", protocol="http", port=8443)
    assert (refused.status, b"The plain HTTP request was sent to HTTPS port" in refused.body) == (400, True)
    with pytest.raises(OriginFailed) as failed:
        await served.fetch("www.example.com", port=8080)
    assert (failed.value.status, failed.value.failover_status) == (502, 503)
    assert "the listener at port 8080 speaks HTTP" in caplog.text


async def test_no_listener(balancer, caplog) -> None:
    served = balancer()
    served.listen(80, "HTTP", "plain")
    with pytest.raises(OriginFailed) as failed:
        await served.fetch("www.example.com", port=443)
    assert failed.value.status == 504
    assert caplog.messages == [
        f"Load balancer {served.found['DNSName']}: it has no listener at port 443; its ports: 80. Set the origin's "
        "HTTPPort or HTTPSPort, or its OriginProtocolPolicy.",
        f"Not verified of CloudFront, assumed here: {unverified.CLOSED_PORT}.",
    ]


async def test_internal(balancer, caplog) -> None:
    """An internal load balancer is reached as a VPC origin only, whatever domain name the origin has."""
    served = balancer(Scheme="internal")
    served.listen(80, "HTTP", "inside")
    plain = {"protocol": "http", "port": 80}
    with pytest.raises(OriginFailed) as failed:
        await served.fetch(**plain)
    assert failed.value.status == 504
    assert "it is internal, and CloudFront reaches it as a VPC origin only" in caplog.text
    endpoint = served.found["LoadBalancerArn"]
    assert (await served.fetch(domain="api.example.com", vpc_endpoint=endpoint, **plain)).body == b"inside"


async def test_not_in_the_stack(balancer, caplog) -> None:
    domain = "other-1234567890.eu-west-1.elb.amazonaws.com"
    with pytest.raises(OriginFailed) as failed:
        await balancer().fetch(domain=domain)
    assert failed.value.status == 502
    assert f"Load balancer {domain} is not in this stack." in caplog.text


@pytest.mark.parametrize(
    ("domain", "answer"),
    [
        ("x-1.us-east-1.elb.amazonaws.com", True),
        ("internal-x-1.us-east-1.elb.amazonaws.com", True),
        ("dualstack.x-1.us-east-1.elb.amazonaws.com", True),
        ("x-1.elb.us-east-1.amazonaws.com", True),
        ("x-1.us-east-1.amazonaws.com", False),
        ("elb.amazonaws.com", False),
        ("x-1.elb.elb.amazonaws.com", True),
        ("x-1.us-east-1.elb.amazonaws.com.example.org", False),
    ],
)
def test_serves(domain: str, answer: bool) -> None:
    balancers = LoadBalancers(Transport(None), lambda _: pytest.fail("nothing is looked up"), VIEWER_HOST)
    assert balancers.serves(CustomOrigin(domain_name=domain)) is answer


@given(st.text())
def test_any_name(domain: str) -> None:
    balancers = LoadBalancers(Transport(None), lambda _: pytest.fail("nothing is looked up"), VIEWER_HOST)
    assert balancers.serves(CustomOrigin(domain_name=domain)) in (True, False)
