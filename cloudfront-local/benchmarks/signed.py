"""`python -m benchmarks.signed`: what the check of a signature adds to a hit.

One distribution serves the same page from its cache, to everybody and as private content. The two are measured in turn,
in one run. Run nothing else on the machine meanwhile. Run the command in the folder `cloudfront-local`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from multidict import CIMultiDict

from benchmarks import load
from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.behaviors import CacheBehavior
from cloudfront_local.distribution.config import DistributionConfig
from cloudfront_local.distribution.headers import EdgeHost
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.origin import CustomOrigin, Origin
from cloudfront_local.distribution.pipeline import Distribution
from cloudfront_local.distribution.policies import CachePolicy
from cloudfront_local.distribution.signatures.keys import TrustedKeys
from cloudfront_local.serving import server

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
TRUSTED = TrustedKeys({"RSA": RSA.public_key(), "CURVE": CURVE.public_key()})
DOMAIN = "d111111abcdef8.cloudfront.net"
HOUR = CachePolicy(0, 3600, 3600)
PUBLIC = "hit, not signed"
PRIVATE = "/private/page"
SHA256 = hashes.SHA256()
SIGN: Mapping[str, Callable[[bytes], bytes]] = {
    "RSA": lambda policy: RSA.sign(policy, padding.PKCS1v15(), SHA256),
    "CURVE": lambda policy: CURVE.sign(policy, ec.ECDSA(SHA256)),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.signed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="measurements of each kind of request (default: 10)")
    parser.add_argument("--seconds", type=float, default=1.0, help="the length of a measurement (default: 1)")
    arguments = parser.parse_args()
    logging.getLogger("cloudfront").setLevel(logging.ERROR)
    print(table(asyncio.run(measured(arguments.rounds, arguments.seconds))))


async def measured(rounds: int, seconds: float) -> Mapping[str, list[float]]:
    """The median latencies by the kind of request, in ms, round by round."""
    runner = await server.start(distribution(), bound(0, "PORT"))
    try:
        port = int(runner.addresses[0][1])
        figures: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, path in paths(port).items():
                result = await load.run(port, path, 1, seconds)
                if result.errors:
                    raise RuntimeError(f"{name}: {result.errors} responses were not 200.")
                figures.setdefault(name, []).append(result.percentile(0.5))
        return figures
    finally:
        await runner.cleanup()


def distribution() -> Distribution:
    async def page(request: Request, origin: Origin, request_id: str) -> Response:
        return Response(200, CIMultiDict({"Content-Type": "text/plain"}), b"x" * 4096)

    async def no_function(arn: str, event: Any) -> NoReturn:
        raise NotImplementedError

    private = CacheBehavior("/private/*", "main", HOUR, trusted_keys=TRUSTED)
    config = DistributionConfig(
        id="EDFDVBD6EXAMPLE",
        arn="arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE",
        domain_name=DOMAIN,
        default_root_object="",
        origins={"main": CustomOrigin(domain_name="origin.example.org")},
        behaviors=(private, CacheBehavior("*", "main", HOUR)),
    )
    return Distribution(config, no_function, page, EdgeHost(via="benchmark", pop="IAD1-P1"))


def paths(port: int) -> dict[str, str]:
    """The targets by the kind of request."""
    here, there = f"http://localhost:{port}", f"https://{DOMAIN}"
    return {
        PUBLIC: "/page",
        "canned policy, RSA": signed(f"{here}{PRIVATE}", "RSA"),
        "canned policy, RSA, the distribution's name": signed(f"{there}{PRIVATE}", "RSA"),
        "custom policy, RSA": signed(f"{here}/private/*", "RSA"),
        "custom policy, ECDSA": signed(f"{here}/private/*", "CURVE"),
    }


def signed(resource: str, key: str) -> str:
    """The private page, with a signature for the resource; a star makes the policy a custom one."""
    until = int(time.time()) + 3600
    statement = {"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": until}}}
    policy = json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()
    about = f"Policy={encoded(policy)}" if "*" in resource else f"Expires={until}"
    return f"{PRIVATE}?{about}&Signature={encoded(SIGN[key](policy))}&Key-Pair-Id={key}&Hash-Algorithm=SHA256"


def encoded(data: bytes) -> str:
    return b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def table(figures: Mapping[str, list[float]]) -> str:
    """The medians, and the medians of what each kind takes more than a hit that is not signed, round by round."""

    def lines() -> Iterator[str]:
        yield "".join([" " * 48, "p50, ms".rjust(10), "more, ms".rjust(10)])
        for name, values in figures.items():
            more = statistics.median(value - public for value, public in zip(values, figures[PUBLIC], strict=True))
            yield f"{name:48}{statistics.median(values):10.3f}{more:10.3f}"

    return "\n".join(lines())


if __name__ == "__main__":
    main()
