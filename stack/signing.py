"""The options that `sign-url` and `sign-cookies` share, and what they name: the access and the key."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from pathlib import Path
from typing import TYPE_CHECKING

from stack import private_content
from stack.commands.urls import URL_OUTPUT
from stack.errors import StackError
from stack.private_content import HASHES, Access, PrivateKey

if TYPE_CHECKING:
    from stack.target import Stack

MAX_HOURS = 24 * 366 * 10
# A key in PEM has less than 2 KB.
MAX_KEY_BYTES = 16_384


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        help="the path, such as /private/report.pdf, or a whole URL at an alias. A star stands for any characters: "
        "'/private/*' (in quotation marks, because of the shell)",
    )
    parser.add_argument("--hours", type=_hours, default=1.0, help="how long the access lasts (default: 1)")
    parser.add_argument(
        "--from", dest="after", type=_time, metavar="TIME", help="when it begins, such as 2026-12-24T18:00 (UTC)"
    )
    parser.add_argument("--ip", type=_network, metavar="RANGE", help="only for viewers from there: 192.0.2.0/24")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--key", type=Path, metavar="FILE", help="the private key's file, in PEM")
    key.add_argument("--secret", metavar="NAME", help="the private key's name or ARN in Secrets Manager")
    parser.add_argument(
        "--key-pair-id",
        type=_id,
        metavar="ID",
        help="the public key's id (default: the stack's AWS::CloudFront::PublicKey)",
    )
    hashes = "{sha1,sha256}"
    parser.add_argument(
        "--hash", type=str.upper, choices=list(HASHES), default="SHA1", metavar=hashes, help="the hash (default: sha1)"
    )


def access(options: argparse.Namespace, stack: Stack) -> Access:
    """The access that the options name. Raises StackError."""
    until = int(time.time() + options.hours * 3600)
    if options.after and options.after >= until:
        raise StackError("The access would end before it begins. --hours counts from now: give more hours.")
    return Access(_resource(options.path, stack), until, options.after, options.ip)


def parameters(options: argparse.Namespace, stack: Stack, access: Access) -> Mapping[str, str]:
    """The parameters of a signed URL. Raises StackError."""
    key = _private_key(options, stack)
    key_pair_id = options.key_pair_id or _key_pair_id(stack, key)
    return private_content.signed(access, key, key_pair_id, options.hash)


def until_text(access: Access) -> str:
    return f"{datetime.fromtimestamp(access.until, UTC):%Y-%m-%d %H:%M:%S} UTC"


def star_hint(access: Access) -> str:
    """What a star in the middle stands for; empty if the resource has none.

    Source: Developer Guide, "Create a signed URL using a custom policy".
    """
    if "*" not in access.resource.rstrip("*"):
        return ""
    return " A star in the middle stands for any characters, slashes too, but for no query string. One at the end does."


def _resource(path: str, stack: Stack) -> str:
    if re.match(r"https?://[^/?#*]+/", path):
        resource = path
    elif path.startswith("/"):
        resource = (stack.url or stack.output(URL_OUTPUT)) + path
    else:
        raise StackError(
            f"{path!r} is neither a path that begins with a slash nor a URL, such as https://example.org/a."
        )
    if bad := re.search(r'[^!-~]|["#\\]', resource):
        raise StackError(
            f"{path!r} has {bad[0]!r}. Percent-encode it, as browsers do: the URL is signed as it is sent."
        )
    return resource


def _private_key(options: argparse.Namespace, stack: Stack) -> PrivateKey:
    name = options.key or f"the secret {options.secret}"
    try:
        return private_content.private_key(_file(options.key) if options.key else _secret(options.secret, stack))
    except ValueError as error:
        raise StackError(f"The private key in {name} {error}.") from None


def _file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_KEY_BYTES).decode("latin-1")
    except OSError as error:
        raise StackError(f"The private key cannot be read: {error.strerror}: {path}.") from None


def _secret(name: str, stack: Stack) -> str:
    secrets = stack.client("secretsmanager")
    try:
        return str(secrets.get_secret_value(SecretId=name).get("SecretString", ""))
    except secrets.exceptions.ResourceNotFoundException:
        raise StackError(f"There is no secret {name} in {stack.region}. Name it with --secret, or use --key.") from None


def _key_pair_id(stack: Stack, key: PrivateKey) -> str:
    """The id of the stack's public key that belongs to the private key."""
    ids = stack.resources("AWS::CloudFront::PublicKey").values()
    cloudfront = stack.client("cloudfront")
    for each in ids:
        config = cloudfront.get_public_key(Id=each)["PublicKey"]["PublicKeyConfig"]
        if private_content.belong_together(key, config["EncodedKey"]):
            return each
    if ids:
        raise StackError(
            f"The private key belongs to none of the stack's public keys ({', '.join(ids)}). Use the key whose public "
            "part is in the template, or name another with --key-pair-id."
        )
    raise StackError(
        f"The stack {stack.name} has no AWS::CloudFront::PublicKey. Add one, with a key group that the behavior trusts "
        "(TrustedKeyGroups), or name a public key with --key-pair-id."
    )


def _id(text: str) -> str:
    # Ids of public keys begin with K, those of the time before key groups with APKA.
    if not re.fullmatch("[A-Z0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no public key's id, such as K2JCJMDEHXQW5F")
    return text


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MAX_HOURS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of hours. Give one such as 1, 0.5 or 48")
    return hours


def _time(text: str) -> int:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time, such as 2026-12-24T18:00") from None
    return int(time.replace(tzinfo=time.tzinfo or UTC).timestamp())


def _network(text: str) -> str:
    try:
        return str(IPv4Network(text, strict=False))
    except (AddressValueError, NetmaskValueError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is no IPv4 address or range, such as 192.0.2.0/24") from None
