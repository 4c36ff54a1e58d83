"""The certificates of HTTPS on this machine, by a certificate authority that is made on the first use and kept."""

from __future__ import annotations

import fcntl
import os
import ssl
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509

from cloudfront_local.aws import private_file
from cloudfront_local.errors import LocalError

VARIABLE = "CLOUDFRONT_LOCAL_DATA"

# What browsers are told to trust, and that with the private key.
CERTIFICATE, WITH_KEY = "authority.crt", "authority.pem"

# Apple's systems take no certificates that are good for longer: https://support.apple.com/103769
_DAYS = 397
_NAMES = ("localhost", "127.0.0.1", "::1")


def server_context(names: Iterable[str]) -> tuple[ssl.SSLContext, list[str]]:
    """The TLS context of a server with these names and the loopback addresses, and lines for the terminal.

    Raises LocalError if the authority can neither be read nor made.
    """
    authority, lines = _authority()
    now = datetime.now(UTC)
    certificate = authority.issue_cert(
        *_NAMES,
        *names,
        common_name="localhost",
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=_DAYS),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context, lines


def _authority() -> tuple[trustme.CA, list[str]]:
    folder = _folder()
    try:
        with _alone(folder):
            return _kept(folder)
    except OSError as error:
        raise LocalError(
            f"The certificate authority for HTTPS cannot be kept in {folder}: {error.strerror}. Name another folder "
            f"with {VARIABLE}."
        ) from None


def _kept(folder: Path) -> tuple[trustme.CA, list[str]]:
    """The authority in the folder; a new one if there is none, or none that can be used."""
    with_key = folder / WITH_KEY
    reason = ""
    if with_key.exists():
        try:
            return _read(with_key.read_bytes()), []
        except ValueError as error:
            reason = f"The certificate authority in {with_key} {error}. "
    authority = trustme.CA(organization_name="cloudfront-local", organization_unit_name="this machine")
    certificate = authority.cert_pem.bytes()
    private_file.write(with_key, (authority.private_key_pem.bytes() + certificate).decode())
    (folder / CERTIFICATE).write_bytes(certificate)
    return authority, [
        f"{reason}A new certificate authority for HTTPS is in {folder / CERTIFICATE}. Browsers warn until they trust "
        f"it: {_how_to_trust(folder / CERTIFICATE)}"
    ]


def _read(pem: bytes) -> trustme.CA:
    """Raises ValueError, with what is wrong."""
    key, mark, certificate = pem.partition(b"-----BEGIN CERTIFICATE-----")
    try:
        expires = x509.load_pem_x509_certificate(mark + certificate).not_valid_after_utc
        authority = trustme.CA.from_pem(mark + certificate, key)
    except Exception:  # cryptography has several for what cannot be read
        raise ValueError("cannot be read") from None
    if expires < datetime.now(UTC) + timedelta(days=_DAYS):
        raise ValueError("runs out too soon")
    return authority


def _how_to_trust(certificate: Path) -> str:
    if sys.platform == "darwin":
        return f"`security add-trusted-cert -k ~/Library/Keychains/login.keychain-db {certificate}`."
    return (
        f"`sudo cp {certificate} /usr/local/share/ca-certificates/cloudfront-local.crt && sudo update-ca-certificates` "
        "for programs such as curl, and the browser's own settings (Certificates, Authorities, Import)."
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Waits until no other process makes the authority."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "authority.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    if named := os.environ.get(VARIABLE):
        return Path(named).absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "cloudfront-local"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "cloudfront-local"
