"""A server that is token endpoint and lookup API. It answers at once, because its own time is not to be measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TOKEN = {"access_token": "eyJraWQiOiJEXAMPLE." * 40, "token_type": "Bearer", "expires_in": 3600}
FILE = {
    "id": "lighthouse",
    "locations": [
        {"bucket": f"content-{region}", "region": region, "key": "lighthouse/lighthouse.svg"}
        for region in ("us-east-1", "eu-west-1", "ap-southeast-2")
    ],
    "content_type": "image/svg+xml",
}


class Handler(BaseHTTPRequestHandler):
    """Answers POST like Cognito's token endpoint, and GET like this stack's lookup API."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(TOKEN)

    def do_GET(self) -> None:
        self._answer(FILE)

    def _answer(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Cache-Control": "max-age=60"}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def running() -> Iterator[str]:
    """The server's URL, on a free port of 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
