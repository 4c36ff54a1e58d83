"""A web page of another site tries to reach the embedded AWS behind `make local`."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

# Each attack answers with a word: what the page could learn.
ATTACKS = {
    "fetch": """async aws => {
        try { return (await fetch(aws + "/_ministack/health")).status } catch { return "nothing" }
    }""",
    "simple post": """async aws => {
        const sent = { method: "POST", mode: "no-cors", body: "Action=CreateRole&RoleName=evil&Version=2010-05-08" +
            "&AssumeRolePolicyDocument={}", headers: { "Content-Type": "application/x-www-form-urlencoded" } };
        return (await fetch(aws + "/", sent)).type === "opaque" ? "nothing" : "something";
    }""",
    "reset": """async aws => {
        await fetch(aws + "/_ministack/reset", { method: "POST", mode: "no-cors" });
        return "nothing";
    }""",
    "bearer": """async aws => {
        try {
            const answer = await fetch(aws + "/", { method: "POST", headers: { Authorization: "Bearer x" } });
            return answer.status;
        } catch { return "nothing" }
    }""",
    "image": """aws => new Promise(resolve => {
        const image = new Image();
        image.onload = () => resolve("something");
        image.onerror = () => resolve("nothing");
        image.src = aws + "/site/logo.png";
    })""",
    "form": """aws => new Promise(resolve => {
        const frame = document.createElement("iframe");
        frame.name = "answer";
        frame.onload = () => {
            try { resolve(frame.contentDocument.body.innerText || "nothing") } catch { resolve("nothing") }
        };
        document.body.append(frame);
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: aws + "/_ministack/reset", target: "answer" });
        document.body.append(form);
        form.submit();
        setTimeout(() => resolve("nothing"), 3000);
    })""",
    "socket": """aws => new Promise(resolve => {
        const socket = new WebSocket(aws.replace("http", "ws") + "/_aws/execute-api/a/b");
        socket.onopen = () => resolve("something");
        socket.onerror = () => resolve("nothing");
    })""",
}


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A page of another site</title>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack(browser: Browser, running_stack, other_site: str, attack: str) -> None:
    """The page learns nothing, and nothing of the stack has changed."""
    before = _stack(running_stack)
    context = browser.new_context()
    page = context.new_page()
    page.goto(other_site)
    learned = page.evaluate(ATTACKS[attack], running_stack.description.endpoint_url)
    context.close()
    assert learned == "nothing"
    assert _stack(running_stack) == before


def _stack(running_stack) -> str:
    roles = [each["RoleName"] for each in running_stack.client("iam").list_roles()["Roles"]]
    functions = [each["FunctionName"] for each in running_stack.client("lambda").list_functions()["Functions"]]
    return json.dumps([sorted(roles), sorted(functions)])
