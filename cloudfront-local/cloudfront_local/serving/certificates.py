"""The certificates of HTTPS on this machine, by a certificate authority that is made on the first use and kept."""

from __future__ import annotations

import fcntl
import os
import ssl
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509

from cloudfront_local.aws import private_file

VARIABLE = "CLOUDFRONT_LOCAL_DATA"

# What browsers are told to trust, and that with the private key.
CERTIFICATE, WITH_KEY = "authority.crt", "authority.pem"

# Apple's systems take no certificates that are good for longer: https://support.apple.com/103769
_DAYS = 397
_NAMES = ("localhost", "127.0.0.1", "::1")


def server_context(names: Collection[str]) -> tuple[ssl.SSLContext, list[str]]:
    """The TLS context of a server with these names and the loopback addresses, and lines for the terminal."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    return context, certify(context, names)


def certify(context: ssl.SSLContext, names: Collection[str]) -> list[str]:
    """Gives the context a certificate with these names for new connections. Returns lines for the terminal."""
    authority, lines = _authority()
    possible = [name for name in names if _is_possible(authority, name)]
    if impossible := [name for name in names if name not in possible]:
        lines.append(
            f"No certificate can have the names {', '.join(impossible)}: HTTPS at these names shows a warning."
        )
    _issued(authority, possible).configure_cert(context)
    return lines


def _is_possible(authority: trustme.CA, name: str) -> bool:
    """Whether a certificate can have this name. CloudFront takes more aliases, such as `my_site.example.org`."""
    try:
        _issued(authority, [name])
    except ValueError:  # idna's IDNAError is one
        return False
    return True


def _issued(authority: trustme.CA, names: Collection[str]) -> trustme.LeafCert:
    now = datetime.now(UTC)
    return authority.issue_cert(
        *_NAMES,
        *names,
        common_name="localhost",
        not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=_DAYS),
    )


def _authority() -> tuple[trustme.CA, list[str]]:
    """The authority that is kept in the folder; one for this start if none can be kept there."""
    folder = _folder()
    try:
        with _alone(folder):
            return _kept(folder)
    except OSError as error:
        return _made(), [
            f"The certificate authority for HTTPS cannot be kept in {folder}: {error.strerror}. This start has one of "
            f"its own, which browsers cannot be told to trust. Name another folder with {VARIABLE}."
        ]


def _made() -> trustme.CA:
    return trustme.CA(organization_name="cloudfront-local", organization_unit_name="this machine")


def _kept(folder: Path) -> tuple[trustme.CA, list[str]]:
    """The authority in the folder; a new one if there is none, or none that can be used."""
    with_key, to_trust = folder / WITH_KEY, folder / CERTIFICATE
    reason = ""
    if with_key.exists():
        try:
            authority = _read(with_key.read_bytes())
        except ValueError as error:
            reason = f"The certificate authority in {with_key} {error}. "
        else:
            _write(to_trust, authority.cert_pem.bytes())
            return authority, []
    authority = _made()
    certificate = authority.cert_pem.bytes()
    private_file.write(with_key, (authority.private_key_pem.bytes() + certificate).decode())
    _write(to_trust, certificate)
    return authority, [
        f"{reason}A new certificate authority for HTTPS is in {to_trust}. Browsers warn until they trust it: "
        f"{_how_to_trust(to_trust)}"
    ]


def _write(path: Path, content: bytes) -> None:
    """Writes a file that everybody may read, in one step, unless it has the content."""
    if path.exists() and path.read_bytes() == content:
        return
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(path)


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
