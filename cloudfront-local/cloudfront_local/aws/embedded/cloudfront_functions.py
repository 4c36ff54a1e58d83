"""CloudFront Functions: what ministack lacks of them. ministack's own Python runs this module.

TestFunction runs a function. Code that is too large, the association of a function that is not LIVE, and the deletion
of a function in use are refused, in CloudFront's words.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import SubElement

from cloudfront_local.aws.embedded.handlers import checking
from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.key_value_store import KeyValueStore
from cloudfront_local.functions.limits import CODE_BYTES
from cloudfront_local.functions.process import FunctionProcess
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused
from cloudfront_local.rules.cloudfront_functions import violations
from cloudfront_local.rules.cloudfront_functions.facts import SENTENCE_EXECUTION

_TEST = re.compile(r"/2020-05-31/function/(?P<name>[^/]+)/test")
_EVENT_BYTES = 40_960
_TOO_LARGE = f"The function code exceeds the maximum size of {CODE_BYTES} bytes."
_NOT_LIVE = "The parameter FunctionAssociationArn is invalid."

Answer = tuple[int, dict[str, str], bytes]
Handle = Callable[..., Awaitable[Answer]]


def install() -> None:
    """Changes ministack."""
    from ministack.services import cloudfront  # type: ignore[import-not-found]
    from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

    cloudfront.handle_request = testing(cloudfront.handle_request, cloudfront)
    cloudfront._cf_decode_function_code = small(cloudfront._cf_decode_function_code, cloudfront._error)
    cloudfront._cf_delete_function = unused(cloudfront._cf_delete_function, cloudfront)
    handlers = provisioners._RESOURCE_HANDLERS
    function, distribution = handlers["AWS::CloudFront::Function"], handlers["AWS::CloudFront::Distribution"]
    handlers["AWS::CloudFront::Function"] = checking(function, _refuse_size)
    handlers["AWS::CloudFront::Distribution"] = checking(
        distribution, lambda properties: _refuse_unpublished(properties, cloudfront._functions)
    )


def _refuse_size(properties: dict[str, Any]) -> None:
    if len(str(properties.get("FunctionCode", "")).encode()) > CODE_BYTES:
        raise ValueError(f"{_TOO_LARGE} (Status Code: 413)")


def _refuse_unpublished(properties: dict[str, Any], functions: Any) -> None:
    for arn in _associated(properties.get("DistributionConfig")):
        found = functions.get(arn.rpartition("/")[2])
        if found is None or not found["live_etag"]:
            raise ValueError(f"{_NOT_LIVE} The function {arn} is not LIVE: set AutoPublish.")


def _associated(config: Any) -> Iterator[str]:
    """The ARNs of the CloudFront Functions in a DistributionConfig of CloudFormation."""
    config = config if isinstance(config, dict) else {}
    for behavior in [config.get("DefaultCacheBehavior"), *(config.get("CacheBehaviors") or [])]:
        for association in (behavior or {}).get("FunctionAssociations") or []:
            if isinstance(arn := association.get("FunctionARN"), str):
                yield arn


def small(decode: Callable[..., Any], error: Callable[..., Answer]) -> Callable[..., Any]:
    """ministack's decoder of code, which also refuses code that is too large."""

    def decoded(encoded: str) -> Any:
        code, fault = decode(encoded)
        if fault is None and len(code) > CODE_BYTES:
            return None, error("FunctionSizeLimitExceeded", _TOO_LARGE, 413)
        return code, fault

    return decoded


def unused(delete: Callable[..., Answer], cloudfront: Any) -> Callable[..., Answer]:
    """ministack's deletion of a function, which refuses a function that a distribution runs."""

    def deleted(name: str, headers: Any) -> Answer:
        found = cloudfront._functions.get(name)
        used = [arn for each in cloudfront._distributions.values() for arn in cloudfront._function_arns_in(each)]
        if found and found["arn"] in used:
            return _error(cloudfront, "FunctionInUse", "The function is in use by one or more distributions.", 409)
        return delete(name, headers)

    return deleted


def testing(handle: Handle, cloudfront: Any) -> Handle:
    """ministack's handler of requests to CloudFront, with TestFunction."""

    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any) -> Answer:
        found = _TEST.fullmatch(path)
        if found is None or method != "POST":
            return await handle(method, path, headers, body, query)
        return await _tested(cloudfront, found["name"], headers, body)

    return handled


async def _tested(cloudfront: Any, name: str, headers: Any, body: bytes) -> Answer:
    function, request = cloudfront._functions.get(name), cloudfront._parse_body(body)
    if function is None:
        return _error(cloudfront, "NoSuchFunctionExists", "The specified function does not exist.", 404)
    if request is None:
        return _error(cloudfront, "MalformedXML", "The XML document is malformed.", 400)
    stage = cloudfront._text(request, "Stage") or "DEVELOPMENT"
    etag = function["live_etag"] if stage == "LIVE" else function["dev_etag"]
    if etag is None:
        return _error(cloudfront, "NoSuchFunctionExists", "The specified function does not exist.", 404)
    if not headers.get("if-match"):
        sentence = "The If-Match version is missing or not valid for the resource."
        return _error(cloudfront, "InvalidIfMatchVersion", sentence, 400)
    if headers["if-match"] != etag:
        sentence = "The precondition given in one or more of the request-header fields evaluated to false."
        return _error(cloudfront, "PreconditionFailed", sentence, 412)
    event = _event(cloudfront._text(request, "EventObject") or "")
    if event is None:
        return _error(cloudfront, "InvalidArgument", "The event object is not valid.", 400)
    result = await _ran(name, cloudfront._function_view(function, stage), event)

    def build(root: Any) -> None:
        summary = SubElement(root, "FunctionSummary")
        status = cloudfront._function_dev_status(function)
        cloudfront._function_summary_builder(function, stage, status, function["last_modified_dev"])(summary)
        SubElement(root, "ComputeUtilization").text = str(result["utilization"])
        logs = SubElement(root, "FunctionExecutionLogs")
        for line in result["logs"]:
            SubElement(logs, "member").text = line
        SubElement(root, "FunctionErrorMessage").text = result["error"]
        SubElement(root, "FunctionOutput").text = result["output"]

    answer: Answer = cloudfront._xml_response("TestResult", build)
    return answer


def _error(cloudfront: Any, code: str, message: str, status: int) -> Answer:
    answer: Answer = cloudfront._error(code, message, status)
    return answer


def _event(encoded: str) -> dict[str, Any] | None:
    """The event of a test, if it is one."""
    try:
        text = base64.b64decode(encoded)
        event: Any = json.loads(text) if len(text) <= _EVENT_BYTES else None
    except (binascii.Error, ValueError, RecursionError):
        return None
    match event:
        case {"request": {}, "context": {"eventType": str()}}:
            return dict(event)
    return None


async def _ran(name: str, view: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """The parts of a TestResult. Of an error, the message begins as that of CloudFront's error page."""
    result = {"utilization": 0, "logs": (), "error": "", "output": ""}
    try:
        function = EdgeFunction.load(view["code"].decode("utf-8", "replace"), name, view["runtime"])
    except SyntaxRefused as refused:
        first = refused.findings[0]
        return result | {"error": f"{SENTENCE_EXECUTION} {first.message} in {first.line}"}
    except ValueError as error:
        return result | {"error": f"{SENTENCE_EXECUTION} {error}"}
    process = FunctionProcess(function)
    try:
        outcome = await process.run(Call(event), _store(view))
    finally:
        await process.close()
    result |= {"utilization": outcome.utilization, "logs": outcome.logs}
    if outcome.error:
        return result | {"error": f"{SENTENCE_EXECUTION} {outcome.error.message}"}
    if broken := violations(event, outcome.result):
        return result | {"error": broken[0].sentence}
    kind = "response" if "statusCode" in outcome.result else "request"
    return result | {"output": json.dumps({kind: {**outcome.result, "cookies": outcome.result.get("cookies", {})}})}


def _store(view: dict[str, Any]) -> KeyValueStore | None:
    from ministack.services import cloudfront_keyvaluestore as data

    for arn in view.get("kvs_arns", []):
        store, _ = data._get_store(arn)
        now = datetime.now(UTC)
        return KeyValueStore(arn.rpartition("/")[2], dict(store["items"]) if store else {}, now, now)
    return None
