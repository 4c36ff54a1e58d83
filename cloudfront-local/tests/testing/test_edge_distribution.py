"""The fixture `edge_distribution` in a project that has a template, tests, and nothing else."""

import os
from collections.abc import Callable

from cloudfront_local.testing.workplace import Workplace

Run = Callable[..., tuple[int, str]]
PASSING = """
def test_error_is_kept(edge_distribution):
    origin = edge_distribution.origin("api.example.org").reply(503, "down").reply(200, {"up": True})
    assert edge_distribution.get("/api/x").status == 503
    edge_distribution.clock.advance(9)
    answer = edge_distribution.get("/api/x")
    assert (answer.x_cache, answer.text, len(origin.requests)) == ("Error from cloudfront", "down", 1)
    edge_distribution.clock.advance(2)
    assert edge_distribution.get("/api/x").json == {"up": True}


def test_cache_is_empty_again(edge_distribution):
    edge_distribution.origin("api").reply(200, "fresh")
    assert edge_distribution.get("/api/x").x_cache == "Miss from cloudfront"
    assert edge_distribution.get("/api/x").x_cache == "Hit from cloudfront"


def test_what_the_origin_gets(edge_distribution):
    api = edge_distribution.origin("api", "/api/*").reply(201, headers={"Set-Cookie": "a=b; Secure"})
    answer = edge_distribution.post(
        "/api/things?q=%20", json={"name": "x"}, country="NZ", device="mobile", cookies={"id": "1"}, user=("a", "b")
    )
    assert (answer.status, answer.cookies) == (201, {"a": "b"})
    [request] = api.requests
    assert (request.method, request.path, request.query) == ("POST", "/api/things", "q=%20")
    assert request.json == {"name": "x"}
    sent = request.headers
    assert (sent["CloudFront-Viewer-Country"], sent["CloudFront-Is-Mobile-Viewer"]) == ("NZ", "true")
    assert (sent["Cookie"], sent["Authorization"]) == ("id=1", "Basic YTpi")


def test_http_is_redirected(edge_distribution):
    answer = edge_distribution.get("/api/x", scheme="http")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{edge_distribution.domain_name}/api/x")


def test_function_asks_a_server(edge_distribution):
    users = edge_distribution.origin("users.example.net").reply(200, "ada").reply(200, "bob")
    api = edge_distribution.origin("api").reply(200, "hello")
    assert edge_distribution.get("/users/1").text == "hello"
    assert edge_distribution.get("/users/2").text == "hello"
    assert [request.headers["X-User"] for request in api.requests] == ["ada", "bob"]
    assert [request.query for request in users.requests] == ["token=secret"] * 2


def test_answers_follow(edge_distribution):
    api = edge_distribution.origin("api").reply(200, "first")
    assert [edge_distribution.post("/api/x").text for _ in range(2)] == ["first", "first"]
    api.reply(200, "second").reply(200, "third")
    assert [edge_distribution.post("/api/x").text for _ in range(3)] == ["second", "third", "third"]


def test_refused_connection(edge_distribution):
    edge_distribution.origin("api").refuse()
    assert edge_distribution.get("/api/x").status == 502


def test_key_value_store(edge_distribution):
    edge_distribution.key_value_store("Store")["folder"] = "winter"
    site = edge_distribution.origin("site", "/winter/*").reply(200, "snow")
    assert edge_distribution.get("/pages/a").text == "snow"
    assert site.requests[0].path == "/winter/pages/a"


def test_key_value_store_is_empty_again(edge_distribution):
    edge_distribution.origin("site").reply(200, "never")
    assert edge_distribution.get("/pages/a").status == 503


def test_head(edge_distribution):
    edge_distribution.origin("site").reply(200, "content")
    answer = edge_distribution.head("/x")
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "7")
"""
FAILING = """
def test_unexpected_origin(edge_distribution):
    edge_distribution.origin("api", "/api/known").reply(200)
    edge_distribution.get("/api/unknown?secret=1")


def test_unexpected_by_a_function(edge_distribution):
    edge_distribution.origin("api").reply(200)
    edge_distribution.get("/users/1")


def test_expectation(edge_distribution):
    edge_distribution.origin("users.example.net").reply(200, "ada")
    edge_distribution.origin("api").reply(404)
    assert edge_distribution.get("/users/1").status == 200
"""


def test_passing(run: Run) -> None:
    """Answers of origins and of other servers, the clock, the viewer; each test begins with an empty cache."""
    status, output = run(PASSING)
    assert status == 0, output
    assert "10 passed" in output


def test_any_order(run: Run) -> None:
    """The tests pass backwards, and on two workers."""
    tests = [f"def {part}" for part in PASSING.split("\ndef ")[1:]]
    assert len(tests) == 10
    status, output = run("\n".join(reversed(tests)), "-n", "2")
    assert status == 0, output
    assert "10 passed" in output


def test_failing(run: Run) -> None:
    """An unexpected request fails by name. The journal of the requests and the functions' lines are in the report."""
    status, output = run(FAILING)
    assert status == 1
    assert "3 failed" in output
    assert "Failed: No answer was given for:\nE         GET https://api.example.org/api/unknown?... (from the" in output
    assert "GET https://users.example.net/me?... (from a function)" in output
    assert 'distribution.origin("users.example.net").reply(200)' in output
    assert "404 GET /users/1 (Error, " in output
    assert "Function: asked for /users/1" in output
    assert "testing/distribution" not in output  # none of the fixture's own code


def test_other_template(run: Run) -> None:
    """pytest's settings name the template. If there is none, one sentence says so, without a traceback."""
    status, output = run(PASSING, "-o", "cloudfront_template=infra.yaml")
    assert status == 1
    assert "infra.yaml. Name it in pytest's settings, such as cloudfront_template = infra.yaml." in output
    assert "Traceback" not in output
    assert "plugin.py" not in output


def test_template_that_aws_would_refuse(run: Run, place: Workplace) -> None:
    """The tests pass, with one warning for the session that has lint's errors. The warning can be made an error."""
    template = place.folder / "template.yaml"
    template.write_text(template.read_text().replace(", edgelambda.amazonaws.com]", "]"))
    status, output = run(PASSING)
    assert status == 0, output
    assert "10 passed, 1 warning" in output
    assert "AWS would refuse template.yaml, which `edge_distribution` runs all the same. Correct these" in output
    assert "template.yaml:30 E9002: Function (at origin-request of Distribution's behavior /users/*) has" in output
    status, output = run(PASSING, "-W", "error:AWS would refuse")
    assert status == 1
    assert "10 errors" in output


def test_lint_told_to_be_silent(run: Run, place: Workplace) -> None:
    """A finding that the template tells lint to leave out is no warning."""
    template = place.folder / "template.yaml"
    text = template.read_text().replace(", edgelambda.amazonaws.com]", "]")
    metadata = "Metadata: { cfn-lint: { config: { ignore_checks: [E9002] } } }"
    template.write_text(f"{metadata}\n{text}")
    status, output = run(PASSING, "-W", "error:AWS would refuse")
    assert (status, "10 passed" in output, "warning" in output) == (0, True, False), output


def test_without_the_extra(run: Run, place: Workplace) -> None:
    """`edge_distribution` runs without the extra `aws`; `distribution` says what to install."""
    blocked = place.folder / "blocked"
    blocked.mkdir()
    for name in ("quickjs", "tree_sitter", "docker"):
        (blocked / f"{name}.py").write_text(f"raise ModuleNotFoundError(name='{name}')")
    template = place.folder / "template.yaml"
    kept, _, functions = template.read_text().partition("            FunctionAssociations")
    template.write_text(kept + functions.partition("\n")[2])
    path = os.pathsep.join([str(blocked), place.environment["PYTHONPATH"]])
    status, output = run("def test_edge(edge_distribution): pass\ndef test_aws(distribution): pass\n", PYTHONPATH=path)
    assert status == 1
    assert "1 passed, 1 error" in output
    assert "`edge_distribution` needs no AWS. The fixture `distribution` needs the extra `aws`: python -m pip" in output
