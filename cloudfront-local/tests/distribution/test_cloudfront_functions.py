"""CloudFront Functions in the pipeline: what they see, what their results do, and what their mistakes cost."""

from collections.abc import Callable
from typing import Any

import pytest

from cloudfront_local.distribution.error_responses import ErrorResponse
from cloudfront_local.distribution.origin import AccessControl, CustomOrigin, S3Origin
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.distribution.response_headers_policy import AddedHeader, ResponseHeadersPolicy
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.serving.function_runner import ran

BOTH = {"viewer-request": "arn:function/request", "viewer-response": "arn:function/response"}
PASS = {
    "request": "function handler(event) { return event.request; }",
    "response": "function handler(event) { return event.response; }",
}
MAIN = CustomOrigin(domain_name="origin.example.org", custom_headers=(("X-Key", "1"),))


class Functions:
    """Runs the sources in this process. `events` are those that the functions got."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.events: list[Any] = []
        self._functions = {name: EdgeFunction.load(source, f"{name}.js") for name, source in sources.items()}

    async def __call__(self, arn: str, event: Any, raw_query: str | None) -> Any:
        self.events.append(event)
        return ran(self._functions[arn.partition("/")[2]].run(Call(event, raw_query)))


@pytest.fixture
def serve(edge) -> Callable[..., Any]:
    """A distribution with functions at viewer-request, `request`, and viewer-response, `response`; None has none."""

    def serve(request: str | None = None, response: str | None = None, **parts: Any) -> Any:
        sources = {name: text for name, text in (("request", request), ("response", response)) if text}
        functions = Functions(sources)
        arns = {event_type: arn for event_type, arn in BOTH.items() if arn.partition("/")[2] in sources}
        at = edge(cloudfront_functions=arns, run_function=functions, **parts)
        at.functions = functions
        at.origin.reply(headers={"Content-Type": "text/plain", "X-Origin": "1"})
        return at

    return serve


async def test_both_events(serve) -> None:
    """Both functions run on a miss and on a hit. The origin gets the changed request, and the viewer the response."""
    changes = "event.request.uri += 'index.html'; event.request.headers['x-a'] = {value: 'b'};"
    copies = "event.response.headers['x-c'] = {value: event.request.headers['x-a'].value};"
    at = serve(
        PASS["request"].replace("return", f"{changes} return"), PASS["response"].replace("return", f"{copies} return")
    )
    first, second = await at.get("/blog/"), await at.get("/blog/")
    assert [answer.headers["X-C"] for answer in (first, second)] == ["b", "b"]
    assert second.headers["X-Cache"] == "Hit from cloudfront"
    assert [request.uri for request in at.origin.requests] == ["/blog/index.html"]
    assert [event["context"]["eventType"] for event in at.functions.events] == [*BOTH, *BOTH]


async def test_generated(serve) -> None:
    """A generated response goes to the viewer at once, with the policy's headers, but without the other function."""
    policy = ResponseHeadersPolicy(added=(AddedHeader("X-Policy", "1", override=True),))
    at = serve(
        "function handler() { return {statusCode: 302, headers: {location: {value: '/new'}}}; }",
        PASS["response"],
        response_headers_policy=policy,
    )
    answer = await at.get()
    assert (answer.status, answer.headers["Location"], answer.headers["X-Policy"]) == (302, "/new", "1")
    assert (answer.headers["X-Cache"], answer.headers["Content-Length"]) == (
        "FunctionGeneratedResponse from cloudfront",
        "0",
    )
    assert (len(at.functions.events), at.origin.requests) == (1, [])


async def test_no_error_page_for_generated(serve) -> None:
    """An error that a function generates has no custom error page."""
    page = ErrorResponse(page_path="/404.html", response_code=404)
    at = serve(
        "function handler() { return {statusCode: 404, body: 'mine'}; }", config={"error_responses": {404: page}}
    )
    assert (await at.get()).body == b"mine"


@pytest.mark.parametrize(
    ("source", "status", "x_cache", "said"),
    [
        (
            "throw new Error('no');",
            503,
            "FunctionExecutionError",
            "request.js:1:37: Error: no",
        ),
        ("while (true) {}", 503, "FunctionExecutionError", "the function ran too long"),
        ("return 7;", 502, "FunctionValidationError", "function-not-an-object"),
        (
            "event.request.headers['X-A'] = {value: '1'}; return event.request;",
            502,
            "FunctionValidationError",
            "lower case",
        ),
        ("return event;", 502, "FunctionValidationError", "the whole event"),
    ],
)
async def test_mistakes(serve, caplog, source: str, status: int, x_cache: str, said: str) -> None:
    """A function that fails costs 503, and a result against the rules 502. The terminal says what was wrong."""
    at = serve(f"function handler(event) {{ {source} }}")
    answer = await at.get()
    assert (answer.status, answer.headers["X-Cache"]) == (status, f"{x_cache} from cloudfront")
    assert b"The CloudFront function" in answer.body
    assert said in caplog.text
    assert at.origin.requests == []


async def test_not_on_errors(serve) -> None:
    """The function at viewer-response does not run if the origin's status is an error, even if a page hides it."""
    page = ErrorResponse(page_path="/index.html", response_code=200)
    at = serve(None, PASS["response"], config={"error_responses": {404: page}})
    at.origin.script.clear()
    at.origin.reply(404).reply(200, b"app")
    assert (await at.get()).status == 200
    assert at.functions.events == []


async def test_sees_the_root_and_the_viewer(serve, caplog) -> None:
    """The function sees `/`, the viewer's headers that a policy names, and cookies and query apart. The origin gets the
    default root object."""
    names = frozenset({"cloudfront-viewer-country"})
    policy = OriginRequestPolicy(Selection("whitelist", names))
    at = serve(PASS["request"], default_root_object="index.html", origin_request_policy=policy)
    await at.get("/?a=1&a=2", {"Cookie": "c=d"})
    (event,) = at.functions.events
    assert event["request"]["uri"] == "/"
    assert event["request"]["headers"]["cloudfront-viewer-country"] == {"value": "US"}
    assert event["request"]["cookies"] == {"c": {"value": "d"}}
    assert event["request"]["querystring"]["a"]["multiValue"] == [{"value": "1"}, {"value": "2"}]
    assert [request.uri for request in at.origin.requests] == ["/index.html"]
    assert "a CloudFront Function at viewer-request sees / in place of the default root object" in caplog.text


async def test_before_lambda_at_origin_events(serve, passes) -> None:
    """Lambda@Edge at origin events runs after the function, with its changes."""
    at = serve(
        "function handler(event) { event.request.uri = '/new'; return event.request; }",
        functions={"origin-request": passes["origin-request"]},
    )
    await at.get("/old")
    assert at.events[0]["Records"][0]["cf"]["request"]["uri"] == "/new"


async def test_utilization_is_shown(serve, caplog) -> None:
    """The line of each request has the estimate of the compute utilization."""
    caplog.set_level("INFO")
    at = serve(PASS["request"])
    await at.get()
    assert "request viewer-request ~" in caplog.text


IMPORT = "import cf from 'cloudfront';\nfunction handler(event) { %s; return event.request; }"


@pytest.mark.parametrize(
    ("call", "changes"),
    [
        ("cf.updateRequestOrigin({originPath: '/v2'})", {"path": "/v2"}),
        ("cf.updateRequestOrigin({domainName: 'b.org'})", {"domain_name": "b.org"}),
        ("cf.updateRequestOrigin({customHeaders: {}})", {"custom_headers": ()}),
        ("cf.updateRequestOrigin({connectionAttempts: 1})", {"connection_attempts": 1}),
        (
            "cf.updateRequestOrigin({timeouts: {readTimeout: 9, keepAliveTimeout: 8, connectionTimeout: 7}})",
            {"read_timeout": 9, "keepalive_timeout": 8, "connection_timeout": 7},
        ),
        (
            "cf.updateRequestOrigin({customOriginConfig: {port: 81, protocol: 'http', sslProtocols: ['TLSv1.2']}})",
            {"port": 81, "protocol": "http"},
        ),
        ("cf.updateRequestOrigin({hostHeader: 'c.org'})", {"host_header": "c.org"}),
        ("cf.selectRequestOriginById('other')", {"domain_name": "other.example.org", "custom_headers": ()}),
    ],
)
async def test_origin_helpers(serve, call: str, changes: dict[str, Any]) -> None:
    """A helper changes the origin of this request. What it leaves out stays."""
    origins = {"main": MAIN, "other": CustomOrigin(domain_name="other.example.org")}
    at = serve(IMPORT % call, config={"origins": origins}, cache_policy=CachePolicy(0, 0, 0))
    await at.get()
    (asked,) = at.origin.origins
    assert {name: getattr(asked, name) for name in changes} == changes
    assert at.origin.requests[0].headers["Host"] == (asked.host_header or asked.domain_name)


async def test_bucket(serve) -> None:
    """A bucket's domain name makes an S3 origin, with the access control that the helper gives."""
    control = "{enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4', originType: 's3'}"
    bucket = f"{{domainName: 'b.s3.eu-west-1.amazonaws.com', originAccessControlConfig: {control}}}"
    at = serve(IMPORT % f"cf.updateRequestOrigin({bucket})")
    await at.get()
    (asked,) = at.origin.origins
    assert isinstance(asked, S3Origin)
    assert (asked.region, asked.access_control) == ("eu-west-1", AccessControl("s3", "always"))


async def test_group(serve) -> None:
    """A group that the function makes fails over."""
    origins = {"main": MAIN, "other": CustomOrigin(domain_name="other.example.org")}
    group = "{originIds: [{originId: 'main'}, {originId: 'other'}], failoverCriteria: {statusCodes: [503]}}"
    at = serve(IMPORT % f"cf.createRequestOriginGroup({group})", config={"origins": origins})
    at.origin.script.clear()
    at.origin.reply(503).reply(200, b"from the other")
    assert (await at.get()).body == b"from the other"
    assert [origin.domain_name for origin in at.origin.origins] == ["origin.example.org", "other.example.org"]


async def test_wrong_origin(serve, caplog) -> None:
    """An origin that is none costs 502, with CloudFront's sentence."""
    at = serve(IMPORT % "cf.selectRequestOriginById('none')")
    answer = await at.get()
    assert (answer.status, answer.headers["X-Cache"]) == (502, "FunctionValidationError from cloudfront")
    assert b"The CloudFront function returned an invalid value for origin rewrite." in answer.body
    assert "function-origin-id" in caplog.text
