"""The fixture `distribution` in a project that has a template, tests, and nothing else: a session deploys a stack."""

import sys
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from cloudfront_local.testing.workplace import Workplace

Run = Callable[..., tuple[int, str]]

PASSING = """
def test_bucket(distribution):
    distribution.client("s3").put_object(Bucket=distribution.outputs["SiteBucket"], Key="a", Body=b"A page")
    answers = [distribution.get("/a") for _ in range(2)]
    assert [(answer.status, answer.text) for answer in answers] == [(200, "A page")] * 2
    assert [answer.x_cache for answer in answers] == ["Miss from cloudfront", "Hit from cloudfront"]


def test_bucket_is_as_it_was(distribution):
    assert distribution.get("/a").status == 403
    assert "Contents" not in distribution.client("s3").list_objects_v2(Bucket=distribution.outputs["SiteBucket"])


def test_table(distribution):
    users = distribution.client("dynamodb")
    users.put_item(TableName=distribution.outputs["UsersTable"], Item={"name": {"S": "ada"}})
    assert users.scan(TableName=distribution.outputs["UsersTable"])["Count"] == 1


def test_table_is_as_it_was(distribution):
    assert distribution.client("dynamodb").scan(TableName=distribution.outputs["UsersTable"])["Count"] == 0


def test_error_is_kept(distribution):
    origin = distribution.origin("api.example.org").reply(503, "down").reply(200, "up")
    assert distribution.get("/api/x").status == 503
    distribution.clock.advance(9)
    assert distribution.get("/api/x").x_cache == "Error from cloudfront"
    distribution.clock.advance(2)
    assert (distribution.get("/api/x").text, len(origin.requests)) == ("up", 2)


def test_cache_is_empty_again(distribution):
    distribution.origin("api").reply(200, "fresh")
    assert distribution.get("/api/x").x_cache == "Miss from cloudfront"


def test_function_asks_a_server(distribution):
    distribution.origin("users.example.net").reply(200, "ada")
    api = distribution.origin("api").reply(200, "hello")
    assert distribution.get("/users/1").text == "hello"
    assert api.requests[0].headers["X-User"] == "ada"


def test_own_origin_fails(distribution):
    distribution.origin("site").refuse()
    assert distribution.get("/a").status == 502
"""
FAILING = """
def test_unexpected_origin(distribution):
    distribution.get("/api/unknown")


def test_unexpected_by_a_function(distribution):
    distribution.origin("api").reply(200)
    distribution.get("/users/1")


def test_expectation(distribution):
    assert distribution.get("/missing").status == 200
"""


def test_passing(run: Run, place: Workplace) -> None:
    """Tables, buckets, answers of origins and of other servers, the clock. The session leaves nothing behind."""
    status, output = run(PASSING)
    assert status == 0, output
    assert "8 passed" in output
    assert list((place.folder / ".aws-sam").iterdir()) == []
    assert place.leftovers() == []


def test_any_order(run: Run) -> None:
    """The tests pass backwards, on two workers with a stack each."""
    tests = [f"def {part}" for part in PASSING.split("\ndef ")[1:]]
    assert len(tests) == 8
    status, output = run("\n".join(reversed(tests)), "-n", "2")
    assert status == 0, output
    assert "8 passed" in output


def test_failing(run: Run) -> None:
    """An unexpected request fails by name. The journal of the requests and the functions' lines are in the report."""
    status, output = run(FAILING)
    assert status == 1
    assert "3 failed" in output
    assert "GET https://api.example.org/api/unknown (from the distribution)" in output
    assert "GET https://users.example.net/me?... (from a function)" in output
    assert "Function-" in output
    assert ": asked for /users/1" in output
    assert "403 GET /missing (Error, " in output
    assert "testing/distribution" not in output  # none of the fixture's own code


def test_beside_a_served_stack(run: Run, place: Workplace) -> None:
    """A stack that a person serves from the same folder goes on, and the tests do not see it."""
    process = place.start(sys.executable, "-m", "cloudfront_local")
    url = place.await_ready(process).url
    status, output = run("def test_bucket(distribution): assert distribution.get('/a').status == 403\n")
    assert status == 0, output
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{url}/a")  # noqa: S310 - the address is http
    assert process.poll() is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Timeout: 30", "Timeout: 60"), "template.yaml:3"),
        (("Transform: AWS::Serverless-2016-10-31", "Transform: ["), "template.yaml"),
    ],
    ids=["refused by lint", "no YAML"],
)
def test_does_not_deploy(run: Run, place: Workplace, change: tuple[str, str], said: str) -> None:
    """A template that CloudFront refuses: the sentences of `serve`, without a traceback."""
    template = place.folder / "template.yaml"
    template.write_text(template.read_text().replace(*change))
    status, output = run("def test_it(distribution): pass\n")
    assert status == 1
    assert said in output
    assert "Traceback" not in output
    assert "1 error" in output
    assert place.leftovers() == []


def test_without_distribution(run: Run, place: Workplace) -> None:
    """A template without a distribution has nothing to test: the error says so."""
    (place.folder / "template.yaml").write_text("Resources: { Pages: { Type: AWS::S3::Bucket } }\n")
    status, output = run("def test_page(distribution): distribution.get('/')\n")
    assert status == 1
    assert "The stack local has no AWS::CloudFront::Distribution to test. Add one to its template." in output
