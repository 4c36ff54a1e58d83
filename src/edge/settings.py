"""Settings of origin-request functions. Lambda@Edge has no environment variables, so origin custom headers hold them.

An origin event has these headers in `origin.*.customHeaders`. The function removes them and a viewer's headers of the
same names, so the origin sees neither.
"""

from __future__ import annotations

from edge.cloudfront import Request, header, origin_of


def take_settings(request: Request, prefix: str) -> dict[str, str]:
    """Removes the headers whose names start with `prefix` (lower case) from the request, the origin's and the viewer's.

    Returns the first value of each of the origin's headers, by its name without the prefix: `{"mode": "sign"}`. Raises
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
