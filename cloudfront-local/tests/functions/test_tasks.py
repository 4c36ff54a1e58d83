"""The tasks of AWS's published examples, in code of our own: event, call, rules, and the message that results."""

import base64
import hashlib
import hmac
import json
import re

import pytest
from multidict import CIMultiDict

from cloudfront_local.distribution.function_events import FunctionOutcome, FunctionTrigger
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import KeyValueStore
from cloudfront_local.functions.runtimes import JS_1, JS_2
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.rules import cloudfront_functions

TRIGGER = FunctionTrigger("d111111abcdef8.cloudfront.net", "EDFDVBD6EXAMPLE", "id==")


def outcome_of(source, request, response=None, store=None, runtime=JS_2):
    """The valid outcome of a function for a message."""
    function = EdgeFunction.load(source, "f.js", runtime)
    assert function.warnings == ()
    event = TRIGGER.event(request, response)
    outcome = function.run(Call(event, raw_query=request.querystring or None), store)
    assert outcome.error is None, outcome.error
    assert cloudfront_functions.violations(event, outcome.result) == []
    return FunctionOutcome(event, outcome.result)


def get(uri, query="", **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("GET", uri, query, CIMultiDict({"Host": "example.org"} | fields))


INDEX = """\
function handler(event) {
  var request = event.request, uri = request.uri;
  if (uri.endsWith('/')) request.uri += 'index.html';
  else if (!uri.split('/').pop().includes('.')) request.uri += '/index.html';
  return request;
}"""


@pytest.mark.parametrize("runtime", [JS_1, JS_2])
@pytest.mark.parametrize(
    ("uri", "rewritten"), [("/", "/index.html"), ("/blog", "/blog/index.html"), ("/a/b.css", "/a/b.css")]
)
def test_index_page(uri, rewritten, runtime):
    """A folder's path becomes that of its index page."""
    assert outcome_of(INDEX, get(uri), runtime=runtime).request(get(uri)).uri == rewritten


def test_redirect_by_country():
    """A viewer from a country is redirected to its page, with the query as sent."""
    source = """\
function handler(event) {
  const request = event.request, country = request.headers['cloudfront-viewer-country'];
  if (!country || country.value !== 'DE') return request;
  const query = request.rawQueryString();
  const location = `https://de.example.org${request.uri}${query === undefined ? '' : '?' + query}`;
  return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: location } } };
}"""
    german = outcome_of(source, get("/a", "b=%20", CloudFront_Viewer_Country="DE"))
    assert german.generated().headers["Location"] == "https://de.example.org/a?b=%20"
    assert not outcome_of(source, get("/a", CloudFront_Viewer_Country="FR")).is_response


def test_security_headers():
    """A viewer-response function adds headers."""
    source = """\
function handler(event) {
  var headers = event.response.headers;
  headers['strict-transport-security'] = { value: 'max-age=63072000; includeSubdomains; preload' };
  headers['x-frame-options'] = { value: 'DENY' };
  return event.response;
}"""
    response = Response(200, CIMultiDict({"Content-Type": "text/html"}), b"page")
    changed = outcome_of(source, get("/"), response).response(response)
    assert changed.headers["X-Frame-Options"] == "DENY"
    assert changed.headers["Content-Type"] == "text/html"
    assert changed.body == b"page"


def test_normal_query():
    """Query parameters in one order make one object in the cache."""
    source = """\
function handler(event) {
  var query = event.request.querystring, parts = [];
  Object.keys(query).sort().forEach(function (name) {
    var entry = query[name];
    (entry.multiValue || [entry]).forEach(function (item) { parts.push(name + '=' + item.value); });
  });
  event.request.querystring = parts.join('&');
  return event.request;
}"""
    request = get("/", "b=2&a=%20&b=1")
    assert outcome_of(source, request).request(request).querystring == "a=%20&b=2&b=1"


def test_viewers_address():
    """The viewer's address goes to the origin in a header."""
    source = """\
function handler(event) {
  event.request.headers['true-client-ip'] = { value: event.viewer.ip };
  return event.request;
}"""
    assert outcome_of(source, get("/")).request(get("/")).headers["True-Client-Ip"] == "127.0.0.1"


TOKEN = """\
const crypto = require('crypto');
function verified(token, key, now) {
  const parts = token.split('.');
  if (parts.length !== 3) throw new Error('not a token');
  const signature = crypto.createHmac('sha256', key).update(parts[0] + '.' + parts[1]).digest('base64url');
  if (signature !== parts[2]) throw new Error('wrong signature');
  const payload = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
  if (payload.exp && now > payload.exp * 1000) throw new Error('expired');
  return payload;
}
function handler(event) {
  const request = event.request, jwt = request.querystring.jwt;
  try {
    verified(jwt ? jwt.value : '', 'secret', Date.now());
  } catch (error) {
    console.log(error.message);
    return { statusCode: 401, statusDescription: 'Unauthorized' };
  }
  delete request.querystring.jwt;
  return request;
}"""


def token(payload, key=b"secret"):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    text = encode(b'{"alg":"HS256"}') + b"." + encode(json.dumps(payload).encode())
    return (text + b"." + encode(hmac.digest(key, text, hashlib.sha256))).decode()


@pytest.mark.parametrize(
    ("jwt", "passes"),
    [
        (token({"sub": "é", "exp": 4_000_000_000}), True),
        (token({"exp": 1}), False),
        (token({}, b"other"), False),
        ("a.b", False),
    ],
)
def test_token(jwt, passes):
    """A request with a valid JSON web token passes without it; another one is 401."""
    request = get("/", f"a=1&jwt={jwt}")
    outcome = outcome_of(TOKEN, request)
    assert outcome.is_response is not passes
    if passes:
        assert outcome.request(request).querystring == "a=1"
    else:
        assert outcome.generated().status == 401


def test_redirects_of_a_store():
    """A key value store has the targets of redirects."""
    source = """\
import cf from 'cloudfront';
const store = cf.kvs();
async function handler(event) {
  const request = event.request, key = request.uri.split('/')[1];
  try {
    const target = await store.get(key);
    return { statusCode: 301, headers: { location: { value: target } } };
  } catch (error) {
    console.log(`no target of ${key}: ${error}`);
  }
  return request;
}"""
    store = KeyValueStore("id", {"old": "/new"})
    assert outcome_of(source, get("/old"), store=store).generated().headers["Location"] == "/new"
    assert not outcome_of(source, get("/other"), store=store).is_response


def test_module_in_a_constant():
    """A constant may have the name of a global."""
    source = "const Buffer = require('buffer').Buffer;\nfunction handler(event) {\n  event.request.uri = '/' + "
    source += "Buffer.from('a').toString('hex');\n  return event.request;\n}"
    assert outcome_of(source, get("/")).request(get("/")).uri == "/61"


def test_cross_origin():
    """A viewer-response function adds a CORS header where the origin sent none."""
    source = """\
function handler(event) {
  const response = event.response, headers = response.headers;
  if (!headers['access-control-allow-origin'] && event.request.headers['origin']) {
    headers['access-control-allow-origin'] = { value: event.request.headers['origin'].value };
    headers['vary'] = { value: 'Origin' };
  }
  return response;
}"""
    asked = get("/", Origin="https://www.example.org")
    answered = Response(200, CIMultiDict({"Content-Type": "text/css"}))
    headers = outcome_of(source, asked, answered).response(answered).headers
    assert dict(headers) == {
        "Content-Type": "text/css",
        "Access-Control-Allow-Origin": "https://www.example.org",
        "Vary": "Origin",
    }
    own = Response(200, CIMultiDict({"Access-Control-Allow-Origin": "*"}))
    assert outcome_of(source, asked, own).response(own).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("country", "bucket"), [("DE", "eu"), ("FR", "eu"), ("US", None)])
def test_origin_by_country(country, bucket):
    """Viewers of some countries are served by a bucket near them, whose cache may not mix with the others'."""
    source = """\
import cf from 'cloudfront';
const near = { DE: 'eu', FR: 'eu' };
function handler(event) {
  const request = event.request, region = near[request.headers['cloudfront-viewer-country'].value];
  if (region) {
    cf.updateRequestOrigin({
      domainName: `pages-${region}.s3.eu-central-1.amazonaws.com`,
      originAccessControlConfig: {
        enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4', originType: 's3',
      },
    });
  }
  return request;
}"""
    event = TRIGGER.event(get("/", CloudFront_Viewer_Country=country), None)
    outcome = EdgeFunction.load(source, "f.js", JS_2).run(Call(event), None)
    assert outcome.error is None
    if bucket is None:
        assert outcome.origin is None
        return
    chosen = outcome.origin
    assert chosen.parameters["domainName"] == f"pages-{bucket}.s3.eu-central-1.amazonaws.com"
    assert list(cloudfront_functions.origin_violations(chosen.helper, chosen.parameters, chosen.origin_id, ())) == []


@pytest.mark.parametrize(
    ("cookie", "uri", "sets"),
    [("group=a", "/a/index.html", False), ("group=b", "/b/index.html", False), ("x=1", "/[ab]/index.html", True)],
)
def test_experiment(cookie, uri, sets):
    """A viewer stays in the group of its cookie; one without a cookie is put into a group, and the origin told so."""
    source = """\
function handler(event) {
  const request = event.request, known = request.cookies['group'];
  const group = known ? known.value : (Math.random() < 0.5 ? 'a' : 'b');
  if (!known) {
    request.headers['x-new-group'] = { value: group };
  }
  request.uri = '/' + group + request.uri;
  return request;
}"""
    request = get("/index.html", Cookie=cookie)
    changed = outcome_of(source, request).request(request)
    assert re.fullmatch(uri, changed.uri)
    assert ("X-New-Group" in changed.headers) == sets
