"""Records the events under events/ anew from the stack that `make local` runs, with their table: `make events`."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from multidict import CIMultiDict

from local import laptop, running
from local.aws.deployment import Deployment
from local.aws.endpoint import Endpoint
from local.aws.functions import Functions
from local.aws.project import Project
from local.aws.sam import Sam
from local.cloudfront.messages import Request
from local.cloudfront.pipeline import Distribution
from local.recording.recorder import events, result_of

EVENTS = Path(__file__).parents[2] / "events"
README = EVENTS / "README.md"
TABLE = re.compile(r"^\| Event \| .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)

DOMAIN = "{domain}"  # stands for the distribution's own
JSON = {"Content-Type": "application/json"}
# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fedccc59e70000000049454e44ae426082"
)


@dataclass(frozen=True)
class Visit:
    """A viewer's request, and what it makes a function of it: the file under events/ that it is recorded in.

    `asks_aws`: the function cannot answer without AWS.
    """

    name: str
    how: str
    result: str
    path: str = "/"
    method: str = "GET"
    user: str = "demo:demo"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    asks_aws: bool = False

    @property
    def function(self) -> str:
        return self.name.partition("/")[0]


VISITS = (
    Visit("authorizer/no-credentials", "`/`", "401 with the challenge", user=""),
    Visit("authorizer/valid-credentials", "`/` as demo:demo", "the request, of the user demo", asks_aws=True),
    Visit("authorizer/wrong-password", "`/` as demo:wrong", "401", user="demo:wrong", asks_aws=True),
    Visit("authorizer/unknown-user", "`/` as nobody:secret", "401", user="nobody:secret", asks_aws=True),
    Visit(
        "authorizer/malformed-credentials",
        "`/` with `Authorization: Basic demo:demo`, which is no Base64",
        "401",
        user="",
        headers={"Authorization": "Basic demo:demo"},
    ),
    Visit(
        "authorizer/forged-user",
        "`/` as demo:demo, with an `X-Authenticated-User` of the viewer's",
        "the request, of the user demo",
        headers={"X-Authenticated-User": "root", "X_Authenticated_User": "root"},
        asks_aws=True,
    ),
    Visit("signer/get-list", "`/api/books?limit=5`", "the request for `/books?limit=5`, signed", "/api/books?limit=5"),
    Visit(
        "signer/post-json",
        "POST of a book to `/api/books`",
        "the request, signed with its body",
        "/api/books",
        "POST",
        headers=JSON,
        body=b'{"title": "Ulysses", "author": "James Joyce", "year": 1922}',
    ),
    Visit(
        "signer/put-binary",
        "PUT of a cover to `/api/books/{id}/cover`",
        "the request, signed with its body",
        "/api/books/00000000-0000-4000-8000-000000000000/cover",
        "PUT",
        headers={"Content-Type": "image/png"},
        body=PNG,
    ),
    Visit(
        "signer/truncated-body",
        "PUT of a cover of 1 MB and a byte",
        "413: what is not seen cannot be signed",
        "/api/books/00000000-0000-4000-8000-000000000000/cover",
        "PUT",
        headers={"Content-Type": "image/png"},
        body=PNG.ljust((1 << 20) + 1, b"\0"),
    ),
    Visit(
        "signer/forged-signature",
        "`/api/books?X-Amz-Signature=...` with `X-Amz-*` headers",
        "the request without any of them, signed",
        "/api/books?limit=5&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0123456789abcdef",
        headers={"X-Amz-Date": "20000101T000000Z", "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "X-Signer-Mode": "none"},
    ),
    Visit(
        "router/found", "`/files/lighthouse`", "the request, to the file's bucket", "/files/lighthouse", asks_aws=True
    ),
    Visit(
        "router/nearest",
        "`/files/globe`, of three copies",
        "the request, to the nearest",
        "/files/globe",
        asks_aws=True,
    ),
    Visit("router/unknown-file", "`/files/none`", "404, kept for 5 s", "/files/none", asks_aws=True),
    Visit("router/malformed-id", "`/files/a.b`", "400, kept for a minute", "/files/a.b"),
    Visit("router/wrong-method", "DELETE of `/files/lighthouse`", "405 with `Allow`", "/files/lighthouse", "DELETE"),
    Visit(
        "redirect/from-index",
        "the form on `/demo/index.html`",
        "302 to the other page, with the form's fields",
        "/demo/submit?name=Ada+Lovelace",
        headers={"Referer": f"https://{DOMAIN}/demo/index.html"},
    ),
    Visit(
        "redirect/from-elsewhere",
        "the same from another site",
        "the request as it came",
        "/demo/submit?name=Ada+Lovelace",
        headers={"Referer": "https://www.example.org/demo/index.html"},
    ),
    Visit("redirect/other-page", "`/demo/other.html`", "the request as it came", "/demo/other.html"),
    Visit("security_headers/html-page", "`/demo/index.html`", "the response with six headers more", "/demo/index.html"),
    Visit("security_headers/missing-page", "`/demo/none.html`", "the 403 of S3 with them", "/demo/none.html"),
)


def table() -> str:
    """Of each event, how it came to be and what is expected of it."""
    rows = [
        f"| [{each.name}]({each.name}.json) | {each.how} | {each.result} | {'503' if each.asks_aws else 'the same'} |"
        for each in VISITS
    ]
    return "\n".join(["| Event | The request | Result | Without AWS |", "|---|---|---|---|", *rows])


async def record(stack: running.RunningStack, folder: Path) -> None:
    """Sends every visit to the stack's distribution and files what is recorded under `folder`, by the visit's name."""
    with TemporaryDirectory() as recorded:
        async with distribution(stack, "us-east-1", Path(recorded)) as served:
            for visit in VISITS:
                before = events(Path(recorded, visit.function))
                await served.handle(_request(visit, served.config.domain_name))
                (event,) = set(events(Path(recorded, visit.function))) - set(before)
                target = folder / f"{visit.name}.json"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(event.read_bytes())
                result_of(target).write_bytes(result_of(event).read_bytes())


@asynccontextmanager
async def distribution(
    stack: running.RunningStack, edge_region: str, recorded: Path | None = None, distribution_id: str = ""
) -> AsyncIterator[Distribution]:
    """The running stack's distribution, or another one of its embedded AWS, at an edge location of its own."""
    endpoint = Endpoint(stack.endpoint_url, stack.region)
    deployed = Deployment(stack.stack_name, {"Any": distribution_id or stack.distribution_id}, {})
    project = Project(Path(stack.template))
    functions = Functions(project, Sam(project, endpoint), endpoint, stack.built_at)
    async with laptop.distribution(endpoint, deployed, functions, edge_region, recorded) as served:
        yield served


def _request(visit: Visit, domain: str) -> Request:
    headers = CIMultiDict({"Host": domain, "User-Agent": "curl/8.14.1", "Accept": "*/*"})
    if visit.user:
        headers["Authorization"] = f"Basic {b64encode(visit.user.encode()).decode()}"
    headers.update({name: value.replace(DOMAIN, domain) for name, value in visit.headers.items()})
    if visit.body:
        headers["Content-Length"] = str(len(visit.body))
    uri, _, querystring = visit.path.partition("?")
    return Request(visit.method, uri, querystring, headers, visit.body)


if __name__ == "__main__":
    found = running.read(Path.cwd())
    if found is None:
        sys.exit(running.NOT_RUNNING)
    logging.disable()
    asyncio.run(record(found, EVENTS))
    README.write_text(TABLE.sub(lambda _: table(), README.read_text()))
