"""Creates a certificate authority and a server's certificate, of the same kind as AWS's endpoints have:
RSA with 2,048 bits, and an intermediate authority between the root and the server."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

LIFE = datetime.timedelta(days=1)


def write(server: Path, trusted: Path, address: str) -> None:
    """Write a server's key and certificates for an IP address to `server`, and a client's CA bundle to `trusted`.

    The bundle holds the public authorities and the new one, because a real client takes the time to load all of them.
    """
    root_key, intermediate_key, server_key = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    root = _certificate("root", root_key, "root", root_key, _authority())
    intermediate = _certificate("intermediate", intermediate_key, "root", root_key, _authority())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    leaf = _certificate(address, server_key, "intermediate", intermediate_key, names)
    pem = serialization.Encoding.PEM
    key = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server.write_bytes(key + leaf.public_bytes(pem) + intermediate.public_bytes(pem))
    trusted.write_bytes(Path(certifi.where()).read_bytes() + root.public_bytes(pem))


def _authority() -> x509.BasicConstraints:
    return x509.BasicConstraints(ca=True, path_length=None)


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey, extension: x509.ExtensionType
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    authority = isinstance(extension, x509.BasicConstraints)
    builder = x509.CertificateBuilder(
        subject_name=_name(subject),
        issuer_name=_name(issuer),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - LIFE,
        not_valid_after=now + LIFE,
    )
    # From Python 3.13 on, the default SSL context requires key identifiers and key usage (VERIFY_X509_STRICT).
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    usage = _usage(authority=authority)
    builder = builder.add_extension(extension, critical=authority).add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.add_extension(issued_by, critical=False).sign(issuer_key, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
