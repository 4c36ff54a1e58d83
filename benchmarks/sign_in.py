"""Measures sign-in: the first request with a session, which reads the secret, warm ones, and signatures of tokens.

The embedded AWS is near, over TLS. The template gives the function 128 MB.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks import aws, near_and_far, share
from benchmarks.artifact import ROOT, build, zip_size
from benchmarks.authorizer import viewer_request
from benchmarks.cold_start import Function, measure, runs_at_share
from benchmarks.report import Figure

sys.path.append(str(ROOT / "src"))

from sign_in import session
from sign_in.p256 import P256Key
from sign_in.rsa import RsaKey
from sign_in.settings import Settings

MEMORY = 128
HOST = "d111111abcdef8.cloudfront.net"
SECRET = {
    "issuer": "https://login.example.org",
    "client_id": "edge",
    "addresses": {HOST: f"https://{HOST}"},
    "session_key": "a session key of more than 32 characters",
}
TOKEN = b"." * 1000  # what a signature of an ID token covers


async def figures(runs: int) -> list[Figure]:
    """The figures. A run takes about a second."""
    with TemporaryDirectory() as directory:
        build("SignInFunction", Path(directory))
        async with aws.sign_in(SECRET) as (port, role):
            with near_and_far.addresses(port) as (near, _):
                environment = {**role, **near}
                found = list(_cold_starts(directory, environment, runs))
        return [*found, *_signatures(), Figure("zip", "KiB", zip_size(Path(directory)) / 2**10)]


def _cold_starts(directory: str, environment: dict[str, str], runs: int) -> Iterator[Figure]:
    def function(memory: int | None = None) -> Function:
        return Function([directory], "sign_in.handler", signed_in(), environment, memory, warm=500)

    if share.AVAILABLE:
        (small,) = measure([function(MEMORY)], runs_at_share(runs))
        yield Figure("INIT + first request with a session, 128 MB", "ms", small.import_to_answer * 1e3, limit=400)
    (whole,) = measure([function()], runs)
    yield Figure("INIT + first request with a session", "ms", whole.import_to_answer * 1e3)
    yield Figure("peak memory", "MiB", whole.peak_memory / 2**20)
    yield Figure("warm request with a session", "µs", whole.warm * 1e6, limit=100)


def signed_in() -> dict[str, Any]:
    """A viewer request with a valid session."""
    event = viewer_request(None)
    claims = {"sub": "11111111-2222-3333-4444-555555555555", "name": "Ada Lovelace", "email": "ada@example.org"}
    settings, now = Settings(SECRET), time.time()
    config = event["Records"][0]["cf"]["config"]
    cookie = session.session_cookie(session.begin(claims, settings, now), settings, config["distributionId"], now)
    header = {"key": "Cookie", "value": cookie.partition(";")[0]}
    event["Records"][0]["cf"]["request"]["headers"]["cookie"] = [header]
    return event


def _signatures() -> Iterator[Figure]:
    """The time to verify the signature of an ID token, with a whole processor."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    numbers, signature = rsa_key.public_key().public_numbers(), rsa_key.sign(TOKEN, padding.PKCS1v15(), SHA256())
    ours = RsaKey(numbers.n, numbers.e)
    yield Figure("RS256", "ms", _timed(lambda: ours.verifies_pkcs1(signature, TOKEN)) * 1e3, limit=0.3)
    ec_key = ec.generate_private_key(ec.SECP256R1())
    point, pair = ec_key.public_key().public_numbers(), decode_dss_signature(ec_key.sign(TOKEN, ec.ECDSA(SHA256())))
    elliptic, raw = P256Key(point.x, point.y), b"".join(each.to_bytes(32, "big") for each in pair)
    yield Figure("ES256", "ms", _timed(lambda: elliptic.verifies(raw, TOKEN)) * 1e3, limit=8)


def _timed(verifies: Callable[[], bool], times: int = 100) -> float:
    """The median time in seconds; infinite if the signature is refused."""
    walls = []
    for _ in range(times):
        began = time.perf_counter()
        valid = verifies()
        walls.append(time.perf_counter() - began if valid else float("inf"))
    return median(walls)
