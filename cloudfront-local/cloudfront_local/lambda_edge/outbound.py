"""Where the connections of functions go under a test: to the test, which answers in the place of every other host."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outbound:
    """The test's ports on 127.0.0.1: `tls_port` for connections to port 443, `plain_port` for all others.

    `authority` is the path of the certificate of the authority that the functions' processes trust. Connections to
    this machine go where they went.
    """

    tls_port: int
    plain_port: int
    authority: str
