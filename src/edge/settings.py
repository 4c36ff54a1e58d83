"""Settings of origin-facing functions: origin custom headers, for Lambda@Edge has no environment variables.

CloudFront shows them to origin events in `origin.*.customHeaders`. They configure the function, so they end there: the
origin never sees them, nor a viewer's header of the same name.
"""

from __future__ import annotations

from edge.cloudfront import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.cloudfront import Request


def take_settings(request: Request, prefix: str) -> dict[str, str]:
    """Removes the custom headers that start with `prefix` (lower case) from the request and returns them.

    Out: the part of each name after the prefix, in lower case, with its first value: `{"mode": "sign"}`.
    """
    (origin,) = request["origin"].values()
    custom_headers = origin["customHeaders"]
    names = [name for name in custom_headers if name.startswith(prefix)]
    for name in [name for name in request["headers"] if name.startswith(prefix)]:
        del request["headers"][name]
    return {name.removeprefix(prefix): custom_headers.pop(name)[0]["value"] for name in names}
