"""Settings of origin-facing functions: origin custom headers, for Lambda@Edge has no environment variables.

CloudFront shows them to origin events in `origin.*.customHeaders`. They configure the function, so they end there: the
origin never sees them, nor a viewer's header of the same name.
"""

from __future__ import annotations

from edge.cloudfront import Request, header, origin_of


def take_settings(request: Request, prefix: str) -> dict[str, str]:
    """Removes the headers that start with `prefix` (lower case), the origin's and the viewer's, from the request.

    Out: the origin's alone, the part of each name after the prefix with its first value: `{"mode": "sign"}`. Raises
    ValueError for a header without a value.
    """
    custom_headers = origin_of(request)["customHeaders"]
    for name in [name for name in request["headers"] if name.startswith(prefix)]:
        del request["headers"][name]
    settings = {}
    for name in [name for name in custom_headers if name.startswith(prefix)]:
        settings[name.removeprefix(prefix)] = header(custom_headers, name) or ""
        del custom_headers[name]
    return settings
