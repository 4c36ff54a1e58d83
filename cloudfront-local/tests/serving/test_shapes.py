"""Templates in the shapes that public templates have are served, and answer as on AWS. Each is a folder in `shapes`."""

import http.client
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cloudfront_local.testing.workplace import Workplace

SHAPES = Path(__file__).parent / "shapes"


class Echo(BaseHTTPRequestHandler):
    """Answers each request with the request, as JSON, and /none with 404."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({"method": self.command, "target": self.path, **dict(self.headers.items())}).encode()
        self.send_response(404 if self.path.startswith("/none") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_OPTIONS = do_POST = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def x_cache(self) -> str:
        return str(self.headers["X-Cache"]).removesuffix(" from cloudfront")

    @property
    def echo(self) -> dict[str, str]:
        """The request that the origin got."""
        return dict(json.loads(self.body))


@dataclass
class Served:
    """A shape that is served on a port."""

    port: int
    place: Workplace
    process: subprocess.Popen[str]

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer


@pytest.fixture
def origin() -> Iterator[int]:
    """The port of an origin that answers with the request."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def serve(tmp_path: Path, origin: int, refused_port: int) -> Iterator[Callable[[str], Served]]:
    """Serves the shape of a name."""
    place = Workplace(tmp_path)

    def serve(name: str, *arguments: str) -> Served:
        shutil.copytree(SHAPES / name, place.folder, dirs_exist_ok=True)
        template = place.folder / "template.yaml"
        text = template.read_text().replace("@PORT@", str(origin)).replace("@REFUSED@", str(refused_port))
        template.write_text(text)
        process = place.start(sys.executable, "-m", "cloudfront_local", *arguments)
        url = place.await_ready(process).url
        return Served(int(url.rpartition(":")[2]), place, process)

    yield serve
    place.end()


def test_single_page_application(serve) -> None:
    """A path that is no file is a page of the application: 200 with index.html, which the terminal tells."""
    served = serve("spa", "--parameter-overrides", "PriceClass=PriceClass_All")
    home, page = served.ask("/"), served.ask("/books/42")
    assert (home.status, home.body, home.headers["Content-Type"]) == (200, b"<app>", "text/html")
    assert (page.status, page.body, page.x_cache) == (200, b"<app>", "Error")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert [served.ask("/app.js").x_cache for _ in range(2)] == ["Miss", "Hit"]
    assert "The viewer gets the custom error page /index.html with 200" in served.place.output


def test_www(serve) -> None:
    """The bare name leads to the www name, and a folder to its index page."""
    served = serve("www")
    moved = served.ask("/a?b=c", Host="example.com")
    assert (moved.status, moved.headers["Location"]) == (301, "https://www.example.com/a?b=c")
    assert served.ask("/docs/", Host="www.example.com").echo["target"] == "/docs/index.html"
    assert served.ask("/", Host="other.example.com").status == 403


def test_api(serve) -> None:
    """Requests to the API get its path, all headers but Host, and the secret; pages of the app may ask, others not."""
    served = serve("api")
    answer = served.ask("/api/books?q=1", Origin="https://app.example.com", X_Mine="1", Authorization="Bearer t")
    assert answer.echo["target"] == "/v1/api/books?q=1"
    assert (answer.echo["X-Mine"], answer.echo["Authorization"]) == ("1", "Bearer t")
    assert answer.echo["X-Origin-Secret"] == "between-us"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert answer.headers["Access-Control-Expose-Headers"] == "X-Total"
    asks = {"Access_Control_Request_Method": "DELETE", "Access_Control_Request_Headers": "authorization"}
    preflight = served.ask("/api/books", "OPTIONS", Origin="https://app.example.com", **asks)
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE"
    assert preflight.headers["Access-Control-Max-Age"] == "600"
    assert served.ask("/api/books", Origin="https://evil.example").headers["Access-Control-Allow-Origin"] is None
    assert served.ask("/", "POST").status == 403


def test_failover(serve) -> None:
    """The second bucket answers for what the first one does not have. Both know the origin access identity."""
    served = serve("failover")
    assert [served.ask(f"/{name}.txt").body for name in ("first", "second")] == [b"first", b"second"]
    assert served.ask("/third.txt").status == 403


def test_variants(serve) -> None:
    """Each variant is cached apart, a new visitor gets one by the address, and the cookie is set."""
    served = serve("ab")
    new = served.ask("/page")
    assert (new.echo["target"], new.headers["Set-Cookie"]) == ("/a/page", "variant=a; Path=/; Secure; HttpOnly")
    known = [served.ask("/page", Cookie=f"session=1; variant={variant}") for variant in "ab"]
    assert [(answer.echo["target"], answer.x_cache) for answer in known] == [("/a/page", "Hit"), ("/b/page", "Miss")]
    assert "session" not in known[1].echo["Cookie"]


def test_images(serve) -> None:
    """A function behind a URL makes images, signed for by CloudFront and cached by width."""
    served = serve("images")
    images = [served.ask(f"/cat.gif?width={width}&utm={n}") for n, width in enumerate((300, 300, 600))]
    assert [(image.body, image.x_cache) for image in images] == [
        (b"GIF89a\x2c\x01", "Miss"),
        (b"GIF89a\x2c\x01", "Hit"),
        (b"GIF89a\x58\x02", "Miss"),
    ]
    assert images[0].headers["Content-Type"] == "image/gif"
    assert served.ask("/cat.gif?width=9000").status == 400
    refused = served.place.run(sys.executable, "-m", "cloudfront_local", "invalidate", "cat.gif")
    assert (refused.returncode, refused.stderr) == (
        1,
        "A path of an invalidation begins with /, such as /images/*. cat.gif does not.\n",
    )
    made = served.place.run(sys.executable, "-m", "cloudfront_local", "invalidate", "/cat.gif?width=300", "/dog*")
    assert made.returncode == 0, made.stderr
    served.place.await_output(served.process, "Invalidated /cat.gif?width=300 /dog*: 1 cached objects are removed.")
    assert [served.ask(f"/cat.gif?width={width}").x_cache for width in (300, 600)] == ["Miss", "Hit"]


def test_maintenance(serve) -> None:
    """While the origin is down, each visitor gets the page of another origin, with 503."""
    served = serve("maintenance")
    answer = served.ask("/checkout")
    assert (answer.status, answer.echo["target"]) == (503, "/_pages/maintenance.html")
    assert served.ask("/_pages/logo.svg").status == 200


def test_legacy(serve) -> None:
    """Listed headers, cookies and parameters reach the origin and make the cache's key; the start warns of them."""
    served = serve("legacy")
    answer = served.ask("/?page=2&utm=x", Accept_Language="de", X_Mine="1", Cookie="cart-id=7; session=1")
    assert answer.echo["target"] == "/?page=2&utm=x"
    assert (answer.echo["Accept-Language"], answer.echo["Cookie"]) == ("de", "cart-id=7")
    assert "X-Mine" not in answer.echo
    again = served.ask("/?utm=y&page=2", Accept_Language="de", Cookie="cart-id=7")
    other = served.ask("/?page=2", Accept_Language="fr", Cookie="cart-id=7")
    assert (again.x_cache, other.x_cache) == ("Hit", "Miss")
    assert "Warning: Legacy ForwardedValues" in served.place.output


def test_languages(serve) -> None:
    """The country, chosen for all requests or for one, selects the page and makes the cache's key."""
    served = serve("languages", "--viewer-country", "AT")
    default = served.ask("/home")
    chosen = [served.ask("/home", X_Local_Viewer_Country=country) for country in ("DE", "NZ", "AT")]
    assert [answer.echo["target"] for answer in (default, *chosen)] == ["/de/home", "/de/home", "/en/home", "/de/home"]
    assert [answer.x_cache for answer in chosen] == ["Miss", "Miss", "Hit"]
    assert served.ask("/home", X_Local_Viewer_Country="Atlantis").status == 400


def test_custom_resource(serve) -> None:
    """A value that a custom resource made reaches the origin; what is left out is named."""
    served = serve("custom")
    assert len(served.ask("/").echo["X-Origin-Secret"]) == 24
    assert "Not deployed: Records (AWS::Route53::RecordSetGroup): no DNS record leads here" in served.place.output


def test_two_templates(serve) -> None:
    """A function and a value of another stack reach the distribution, by an output and by an export."""
    templates = ("--template", "functions.yaml", "--template", "template.yaml")
    served = serve("two", *templates, "--parameter-overrides", "Greeting=hello")
    echo = served.ask("/").echo
    assert (echo["X-Greeting"], echo["X-Greeted"]) == ("hello", "yes")


def test_origins(serve) -> None:
    """Services of AWS answer by their own names: a website, APIs, a function URL, load balancers, a VPC origin."""
    served = serve("origins")
    assert (served.ask("/docs/").body, served.ask("/docs").headers["Location"]) == (b"docs", "/docs/")
    assert (served.ask("/none").status, served.ask("/none").body) == (404, b"sorry")
    assert served.ask("/old/x").headers["Location"] == "https://www.example.com/new/x"
    rest = json.loads(served.ask("/books/7?a=1&a=2").body)
    assert (rest["pathParameters"], rest["multiValueQueryStringParameters"]) == ({"id": "7"}, {"a": ["1", "2"]})
    http_api = json.loads(served.ask("/http/7?a=%20+&b").body)
    assert (http_api["routeKey"], http_api["rawQueryString"]) == ("GET /http/{id}", "a=%20+&b")
    refused = [served.ask(path) for path in ("/books/7/more", "/http/7/more")]
    assert [(answer.status, json.loads(answer.body)) for answer in refused] == [
        (403, {"message": "Missing Authentication Token"}),
        (404, {"message": "Not Found"}),
    ]
    url = json.loads(served.ask("/url/a%2Fb?z=+%20&z&a", Cookie="s=1; t=2").body)
    assert (url["rawPath"], url["rawQueryString"], url["cookies"]) == ("/url/a%2Fb", "z=+%20&z&a", ["s=1", "t=2"])
    echo = served.ask("/lb/x%20y?u=1+2", Authorization="Basic dTpw").echo
    assert (echo["target"], echo["authorization"]) == ("/lb/x%20y?u=1+2", "Basic dTpw")
    assert echo["host"].endswith(".cloudfront.net")
    assert served.ask("/vpc").body == b"inside"
    assert "Not emulated" not in served.place.output
