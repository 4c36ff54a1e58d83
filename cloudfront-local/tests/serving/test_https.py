"""HTTPS beside HTTP, on real sockets, with the certificates of a local authority."""

import asyncio
import re
import socket
import ssl
import stat
import sys
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.policies import OriginRequestPolicy, Selection
from cloudfront_local.serving import certificates, server
from cloudfront_local.testing.workplace import Workplace

NAMES = ["d111111abcdef8.cloudfront.net", "www.example.org", "*.example.net"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("CLOUDFRONT_LOCAL_DATA", str(folder))
    return folder


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "authority.crt"))


class Ports:
    def __init__(self, http: int, https: int, folder: Path, context: ssl.SSLContext) -> None:
        self.http, self.https, self._folder, self.context = http, https, folder, context

    async def get(self, scheme: str, target: str = "/", name: str = "localhost", headers: str = "") -> str:
        port = self.https if scheme == "https" else self.http
        secure = {"ssl": trusting(self._folder), "server_hostname": name} if scheme == "https" else {}
        reader, writer = await asyncio.open_connection("127.0.0.1", port, **secure)
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n{headers}\r\n".encode())
        answer = (await asyncio.wait_for(reader.read(), 30)).decode()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest.fixture
async def serving(edge, folder: Path) -> AsyncIterator[tuple[object, Ports]]:
    at = edge(viewer_protocol_policy="redirect-to-https", aliases=("www.example.org", "*.example.net"))
    at.origin.reply(headers={"X-There": "https://d111111abcdef8.cloudfront.net/x"})
    context, _ = certificates.server_context(NAMES)
    runner = await server.start(at.distribution, bound(0, "PORT"), https=server.Https(bound(0, "HTTPS_PORT"), context))
    http, https = (address[1] for address in runner.addresses)
    yield at, Ports(http, https, folder, context)
    await runner.cleanup()


async def test_redirect_and_answer(serving) -> None:
    """Plain HTTP is redirected to the port for HTTPS, which answers. URLs of the distribution lead there, too."""
    _, ports = serving
    moved = await ports.get("http", "/a?b=c")
    assert moved.startswith("HTTP/1.1 301 Moved Permanently\r\n")
    assert f"\r\nLocation: https://localhost:{ports.https}/a?b=c\r\n" in moved
    assert "\r\nContent-Length: 167\r\n" in moved
    answer = await ports.get("https", "/a?b=c")
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert f"\r\nX-There: https://localhost:{ports.https}/x\r\n" in answer


@pytest.mark.parametrize("name", ["127.0.0.1", "www.example.org", "a.example.net", "d111111abcdef8.cloudfront.net"])
async def test_redirect_keeps_the_name(serving, name: str) -> None:
    """The redirect leads to the name that the viewer used, on the port for HTTPS."""
    _, ports = serving
    assert f"\r\nLocation: https://{name}:{ports.https}/a\r\n" in await ports.get("http", "/a", name=name)


async def test_redirect_without_host(serving) -> None:
    """HTTP/1.0 needs no Host. The redirect then leads to the address of this server."""
    _, ports = serving
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    writer.write(b"GET /a?b HTTP/1.0\r\n\r\n")
    moved = (await asyncio.wait_for(reader.read(), 30)).decode()
    writer.close()
    assert f"\r\nLocation: https://127.0.0.1:{ports.https}/a?b\r\n" in moved


@pytest.mark.parametrize("name", ["localhost", "d111111abcdef8.cloudfront.net", "www.example.org", "a.example.net"])
async def test_names(serving, name: str) -> None:
    """The certificate has the distribution's names, and the distribution answers to them."""
    _, ports = serving
    assert (await ports.get("https", name=name)).startswith("HTTP/1.1 200 OK\r\n")


async def test_headers_about_the_connection(serving) -> None:
    """The origin sees the version and the cipher of the viewer's own connection."""
    at, ports = serving
    names = frozenset({"cloudfront-viewer-tls", "cloudfront-forwarded-proto"})
    policy = OriginRequestPolicy(Selection("whitelist", names))
    (behavior,) = at.distribution.config.behaviors
    at.distribution.config = replace(
        at.distribution.config, behaviors=(replace(behavior, origin_request_policy=policy),)
    )
    await ports.get("https")
    (seen,) = (request.headers for request in at.origin.requests)
    assert re.fullmatch(r"TLSv1\.[23]:[A-Z0-9_-]+:fullHandshake", seen["CloudFront-Viewer-TLS"])
    assert seen["CloudFront-Forwarded-Proto"] == "https"


async def test_name_of_a_later_deployment(serving) -> None:
    """A name that the distribution gets while it is served gets a certificate, too."""
    at, ports = serving
    at.distribution.config = replace(at.distribution.config, aliases=("new.example.com",))
    assert certificates.certify(ports.context, at.distribution.config.names) == []
    assert (await ports.get("https", name="new.example.com")).startswith("HTTP/1.1 200 OK\r\n")


async def test_certificate_of_another_name(serving) -> None:
    _, ports = serving
    with pytest.raises(ssl.SSLCertVerificationError, match=r"example\.com"):
        await ports.get("https", name="example.com")


async def test_wrong_protocol(serving, caplog) -> None:
    """HTTP on the port for HTTPS, and HTTPS on the other port, end the connection and nothing else."""
    _, ports = serving
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.https)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), 30) == b""
    writer.close()
    with pytest.raises(ssl.SSLError):
        await asyncio.open_connection("127.0.0.1", ports.http, ssl=trusting_nobody(), server_hostname="localhost")
    assert "The request is not HTTP/1.1" in caplog.text
    assert (await ports.get("https")).startswith("HTTP/1.1 200 OK\r\n")


def trusting_nobody() -> ssl.SSLContext:
    return ssl.create_default_context()


async def test_no_handshake(serving) -> None:
    """Viewers that never shake hands hold nobody up, and their connections are closed."""
    _, ports = serving
    idle = [await asyncio.open_connection("127.0.0.1", ports.https) for _ in range(20)]
    assert (await ports.get("https")).startswith("HTTP/1.1 200 OK\r\n")
    async with asyncio.timeout(2 * server.HANDSHAKE_SECONDS):
        assert [await reader.read() for reader, _ in idle] == [b""] * 20
    for _, writer in idle:
        writer.close()


def test_impossible_names() -> None:
    """CloudFront takes aliases that no certificate can have. One line names them, and the rest have a certificate."""
    _, (_, line) = certificates.server_context(["my_site.example.org", "www.example.org", f"{'a' * 64}.org"])
    assert line.startswith(f"No certificate can have the names my_site.example.org, {'a' * 64}.org:")


def test_authority_is_kept(folder: Path) -> None:
    """The authority is made once, its key is the user's alone, and the terminal says once how to trust it."""
    _, first = certificates.server_context(NAMES)
    made = (folder / "authority.crt").read_bytes()
    _, second = certificates.server_context(NAMES)
    assert (folder / "authority.crt").read_bytes() == made
    assert stat.S_IMODE((folder / "authority.pem").stat().st_mode) == 0o600
    assert [str(folder / "authority.crt") in line for line in first] == [True]
    assert second == []


def expiring(authority: trustme.CA) -> bytes:
    """The authority's certificate with an end in a month."""
    from cryptography.hazmat.primitives import hashes, serialization

    key = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    old = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(old.issuer, old.subject, key.public_key(), 1, now, now + timedelta(days=30))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["empty", "damaged", "expiring"])
def test_authority_is_made_again(folder: Path, kind: str) -> None:
    """An authority that cannot be read, or that runs out, is replaced, and the terminal says why."""
    authority = trustme.CA()
    content = {
        "empty": b"",
        "damaged": authority.private_key_pem.bytes() + authority.cert_pem.bytes()[:-200],
        "expiring": authority.private_key_pem.bytes() + expiring(authority),
    }[kind]
    folder.mkdir()
    (folder / "authority.pem").write_bytes(content)
    _, (line,) = certificates.server_context(NAMES)
    assert ("runs out too soon" if kind == "expiring" else "cannot be read") in line
    assert certificates.server_context(NAMES)[1] == []


@pytest.mark.parametrize("unusable", ["data", "data/authority.pem"])
def test_no_place(tmp_path: Path, unusable: str) -> None:
    """Where no authority can be kept or read, one is made for this start, and one line says what to do."""
    if unusable == "data":
        (tmp_path / unusable).write_text("a file")
    else:
        (tmp_path / unusable).mkdir(parents=True)
    _, (line,) = certificates.server_context(NAMES)
    assert f"cannot be kept in {tmp_path / 'data'}: " in line
    assert "Name another folder with CLOUDFRONT_LOCAL_DATA" in line


@pytest.mark.parametrize("found", [None, b"of another authority"])
def test_certificate_to_trust_is_there(folder: Path, found: bytes | None) -> None:
    """The file that browsers are told to trust is written again if it is gone or is another authority's."""
    certificates.server_context(NAMES)
    to_trust = folder / "authority.crt"
    made = to_trust.read_bytes()
    to_trust.unlink() if found is None else to_trust.write_bytes(found)
    assert certificates.server_context(NAMES)[1] == []
    assert to_trust.read_bytes() == made


TEMPLATE = """
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: o, DomainName: localhost, CustomOriginConfig: { OriginProtocolPolicy: match-viewer } }]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
"""
WITH_ALIAS = """\
        Aliases: [new.example.org]
        ViewerCertificate:
          AcmCertificateArn: !Ref Certificate
          SslSupportMethod: sni-only
Parameters:
  Certificate:
    Type: String
    Default: arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-000000000002
"""


def test_serve(tmp_path: Path, folder: Path) -> None:
    """`--https` names both addresses, and each answers. A taken port is one line."""
    place = Workplace(tmp_path / "place")
    (place.folder / "template.yaml").write_text(TEMPLATE)
    command = (sys.executable, "-m", "cloudfront_local", "serve", "--https", "--https-port")
    process = place.start(*command, "0", CLOUDFRONT_LOCAL_DATA=str(folder))
    try:
        stack = place.await_ready(process)
        https = next(line.split()[0] for line in place.output.splitlines() if "https://127" in line)
        assert "HTTP/2 and HTTP/3 are not served." in place.output
        with pytest.raises(urllib.error.HTTPError) as moved:
            urllib.request.build_opener(NoRedirect).open(stack.url)
        assert moved.value.headers["Location"] == https
        moved.value.close()
        with pytest.raises(urllib.error.HTTPError) as answered:
            urllib.request.urlopen(https, context=trusting(folder))  # noqa: S310 - the address is https
        assert answered.value.headers["X-Cache"] == "Error from cloudfront"
        answered.value.close()
        (place.folder / "template.yaml").write_text(TEMPLATE + WITH_ALIAS)
        place.await_output(process, "The change is deployed and served")
        port = int(https.rstrip("/").rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port)) as connection,
            trusting(folder).wrap_socket(connection, server_hostname="new.example.org") as secured,
        ):
            assert ("DNS", "new.example.org") in secured.getpeercert()["subjectAltName"]
        other = Workplace(tmp_path / "other")
        (other.folder / "template.yaml").write_text(TEMPLATE)
        taken = https.rstrip("/").rpartition(":")[2]
        refused = other.run(*command, taken, CLOUDFRONT_LOCAL_DATA=str(folder))
        assert (refused.returncode, refused.stderr) == (
            1,
            f"Port {taken} is not available: Address already in use. Choose another port, such as "
            f"HTTPS_PORT={int(taken) + 1}.\n",
        )
    finally:
        place.end()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
