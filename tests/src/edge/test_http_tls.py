"""HTTPS: certificates that are trusted, and the errors."""

import datetime
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge.http import HttpError, request

SRC = Path(__file__).parents[3] / "src"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a self-signed certificate for the name localhost, and for no address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    unencrypted = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(key.private_bytes(*unencrypted) + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def https_port(certificate):
    """The port of an HTTPS server that answers each GET with the client's port, which identifies the connection."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = str(self.client_address[1]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Log nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            """Ignore clients that close the connection."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


PROGRAM = """
import sys, time
from edge.http import HttpError, request
for url in sys.argv[1:]:
    try:
        print(request("GET", url, {}, deadline=time.monotonic() + 20).body.decode())
    except HttpError as error:
        print(error)
"""


def test_trusted_host(certificate, https_port):
    """A host with a trusted certificate answers over one connection. Under another name it is refused."""
    url, other = f"https://localhost:{https_port}/", f"https://127.0.0.1:{https_port}/"
    environment = {**os.environ, "SSL_CERT_FILE": str(certificate)}
    program = [sys.executable, "-c", PROGRAM, url, url, other]
    run = subprocess.run(program, cwd=SRC, env=environment, capture_output=True, text=True, check=True)
    first, second, refused = run.stdout.splitlines()
    assert first == second
    assert first.isdigit()
    assert refused.startswith(f"127.0.0.1:{https_port}: ")
    assert "certificate verify failed: IP address mismatch, certificate is not valid for '127.0.0.1'" in refused


def test_untrusted_host(https_port):
    """An untrusted certificate is refused, and the text says so."""
    with pytest.raises(
        HttpError, match=rf"^localhost:{https_port}: .*certificate verify failed: self.signed certificate"
    ):
        request("GET", f"https://localhost:{https_port}/", {}, deadline=time.monotonic() + 20)


def test_no_tls_at_all():
    """A server without TLS that speaks first, like a mail server, is refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def greet():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 mail.example.org ESMTP\r\n")
                connection.recv(1024)

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(HttpError, match=rf"^127\.0\.0\.1:{port}: .*(wrong version number|record layer failure)"):
            request("GET", f"https://127.0.0.1:{port}/", {}, deadline=time.monotonic() + 20)
        thread.join()


def test_silent_handshake(misbehaving_server):
    """If the server does not answer the handshake, the request ends after the connect timeout."""
    misbehaving_server.hang()
    with pytest.raises(HttpError, match=r": no connection in time$"):
        url = f"https://127.0.0.1:{misbehaving_server.port}/"
        request("GET", url, {}, deadline=time.monotonic() + 20, connect_timeout=0.2)


HALF_A_RECORD = """
import socket, ssl, sys, threading, time
from edge.http import request

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n"
rest = []


def encrypted(connection, outgoing, octets):
    connection.write(octets)
    return outgoing.read()


def serve(body):
    sock, _ = listener.accept()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(incoming, outgoing, server_side=True)
    for step in (connection.do_handshake, lambda: connection.read(65536)):
        while True:
            try:
                step()
                break
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65536))
        sock.sendall(outgoing.read())
    sock.sendall(encrypted(connection, outgoing, answer + body))
    alien = encrypted(connection, outgoing, answer + b"alien")
    sock.sendall(alien[:20])
    rest.append((sock, alien[20:]))


for body in (b"first", b"other"):
    server = threading.Thread(target=serve, args=(body,))
    server.start()
    if rest:  # The second half of the first connection's record comes with the second request.
        threading.Timer(0.2, rest[0][0].sendall, [rest[0][1]]).start()
    url = f"https://localhost:{listener.getsockname()[1]}/"
    print(request("GET", url, {}, deadline=time.monotonic() + 10).body.decode())
    if len(rest) < 2:
        server.join()
    time.sleep(0.05)
"""


def test_half_a_record_of_an_unasked_answer(certificate):
    """A connection on which the server has begun to say more than it was asked is not used again."""
    environment = {**os.environ, "SSL_CERT_FILE": str(certificate)}
    program = [sys.executable, "-c", HALF_A_RECORD, str(certificate)]
    run = subprocess.run(program, cwd=SRC, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines() == ["first", "other"]
