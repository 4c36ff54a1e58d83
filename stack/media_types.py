"""How files are served from a bucket: media types and caching, by the files' names."""

from __future__ import annotations

import mimetypes
from pathlib import Path

# Types that Python's own table lacks or that differ between Python's versions.
CONTENT_TYPES = {
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

# Browsers and CloudFront revalidate pages at each visit; a 304 has no body. Other files may be five minutes old.
PAGES = "no-cache"
ASSETS = "max-age=300"


def content_type(name: str) -> str:
    """The media type for the suffix of a file's name, with the charset for text. It is the same on every machine."""
    table = mimetypes.MimeTypes()  # Python's own table, without the machine's mime.types files
    suffix = Path(name).suffix.lower()
    found = CONTENT_TYPES.get(suffix) or table.guess_type(f"x{suffix}")[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def cache_control(name: str) -> str:
    """The Cache-Control header for a file of this name."""
    return PAGES if content_type(name).startswith("text/html") else ASSETS
