"""TLS to custom origins, in the versions that the origin's configuration allows.

Sources: CloudFront API Reference, OriginSslProtocols; CloudFront Developer Guide, "Supported protocols and ciphers
between CloudFront and the origin". The API's list ends with TLS 1.2; that CloudFront does not offer 1.3 to origins is
[UNVERIFIED].
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterable

_VERSIONS = {
    "SSLv3": ssl.TLSVersion.SSLv3,
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
}


def context(protocols: Iterable[str]) -> ssl.SSLContext:
    """The settings of TLS for an origin with these `sslProtocols`, from the oldest of them to the newest. The machine's
    OpenSSL may not know the oldest."""
    versions = sorted(_VERSIONS[name] for name in protocols)
    made = ssl.create_default_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python advises against the old versions.
        made.minimum_version, made.maximum_version = versions[0], versions[-1]
    if versions[0] < ssl.TLSVersion.TLSv1_2:
        made.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL's usual level has no cipher for them.
    return made
