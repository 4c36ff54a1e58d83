"""A handler's process looks like Lambda's, and treats results and exceptions as Lambda does."""

import importlib.metadata
import sys

import pytest

from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.lambda_edge.language import PYTHON_PACKAGES


async def failure(function, event=None):
    with pytest.raises(FunctionFailed) as caught:
        await function.invoke(event)
    failed = caught.value
    return failed.kind, failed.function, failed.message, failed.detail.replace(f"{function.source}/", "")


@pytest.mark.parametrize(
    ("result", "parsed"),
    [
        ("None", None),
        ("event", {"Records": ["ü", "\u2028", 1.5, True]}),
        ("{2: (1, 2), None: 'x', True: []}", {"2": [1, 2], "null": "x", "true": []}),
        # simplejson, which Lambda's runtime uses, accepts these; the standard library's json does not.
        ("{b'body': b'\\xc3\\xbc'}", {"body": "ü"}),
        ("__import__('collections').namedtuple('Header', 'key value')('Host', b'x')", {"key": "Host", "value": "x"}),
        ("[__import__('decimal').Decimal(text) for text in ('1', '1.10', '-2E+3')]", [1, 1.1, -2000.0]),
        # Bytes are sent as they are.
        ('b\'{"status": "200"}\'', {"status": "200"}),
    ],
)
async def test_a_result_is_marshalled_as_lambda_does(function, result, parsed):
    """A result arrives as the JSON that Lambda's runtime makes of it."""
    function.write(f"def handler(event, context): return {result}")
    assert await function.invoke({"Records": ["ü", "\u2028", 1.5, True]}) == parsed


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("{'headers': {1, 2}}", "Object of type set is not JSON serializable"),
        ("{(1,): 2}", "keys must be str, int, float, bool or None, not tuple"),
        ("b'x', [b'\\xff']", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        ("'\\ud800'", "'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed"),
    ],
)
async def test_a_result_that_is_not_json_is_a_marshal_error(function, result, message):
    """A result that cannot be JSON is an error of the function, in Lambda's words, with advice."""
    function.write(f"def handler(event, context): return {result}")
    text = f"Runtime.MarshalError: Unable to marshal response: {message}"
    advice = "Return a list instead of a set. Encode bytes with base64."
    assert await failure(function) == ("error", "shop-Greeter-1A2B", text, advice)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("b'no json'", "the result is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("b''", "the result is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("{'x': float('nan')}", "the result is not JSON: NaN is not a JSON number"),
        ("__import__('decimal').Decimal('sNaN')", "the result is not JSON: NaN is not a JSON number"),
        ("-float('inf')", "the result is not JSON: -Infinity is not a JSON number"),
        ("b'\\xff'", "the result is not JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
async def test_a_result_that_does_not_parse_is_invalid(function, result, message):
    """Text that the runtime passes on but that is not JSON is an invalid result."""
    function.write(f"def handler(event, context): return {result}")
    advice = "Replace NaN and Infinity. A handler that returns bytes must return JSON."
    assert await failure(function) == ("invalid result", "shop-Greeter-1A2B", message, advice)


async def test_endless_nesting_is_an_invalid_result(function):
    """JSON that is nested too deeply is an invalid result, not a crash of the emulator."""
    function.write("def handler(event, context): return b'[' * 200_000")
    assert (await failure(function))[0] == "invalid result"


async def test_an_error_in_the_handler_is_described(function):
    """An exception arrives with Lambda's type, message and stack trace, which names the developer's own files."""
    function.write("def handler(event, context):\n    return uri(event)\n\ndef uri(event):\n    return event['uri']\n")
    kind, name, message, detail = await failure(function, {})
    assert (kind, name, message) == ("error", "shop-Greeter-1A2B", "KeyError: 'uri'")
    assert detail == (
        "Traceback (most recent call last):\n"
        '  File "app/handler.py", line 2, in handler\n    return uri(event)\n'
        "  File \"app/handler.py\", line 5, in uri\n    return event['uri']\n"
        "KeyError: 'uri'"
    )


async def test_a_sandbox_lives_on_after_an_error(function):
    """After an exception the same process serves the next request, as on Lambda."""
    function.write("import os\ndef handler(event, context):\n    return os.getpid() if event else 1 / 0")
    async with function.running() as runtime:
        before = await runtime.invoke(function.arn, "pid")
        with pytest.raises(FunctionFailed, match="ZeroDivisionError: division by zero"):
            await runtime.invoke(function.arn, None)
        assert await runtime.invoke(function.arn, "pid") == before


@pytest.mark.parametrize(
    ("handler", "code", "message"),
    [
        (
            "app/other.handler",
            "",
            "Runtime.ImportModuleError: Unable to import module 'app/other': No module named 'app.other'",
        ),
        ("app.handler.main", "", "Runtime.HandlerNotFound: Handler 'main' missing on module 'app.handler'"),
        (
            "handler",
            "",
            "Runtime.MalformedHandlerName: Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
        ),
        ("sys.exit", "", "Runtime.BuiltInModuleConflict: Cannot use built-in module sys as a handler module"),
    ],
)
async def test_a_handler_that_cannot_be_loaded(function, handler, code, message):
    """A handler that cannot be loaded fails in awslambdaric's words."""
    function.handler = handler
    function.write(code)
    assert await failure(function) == ("init", "shop-Greeter-1A2B", message, "")


ADVICE = (
    "Lambda's Python has the standard library and boto3, botocore, dateutil, jmespath, s3transfer, six, urllib3; other "
    "packages go into the function's zip. Name the package that has aiohttp in "
)


@pytest.mark.parametrize(
    ("makefile", "where"),
    [
        (False, "requirements.txt and save: `sam build` installs it."),
        (
            True,
            "app/requirements.txt if the Makefile installs that, or give the function a CodeUri of its own with a "
            "requirements.txt.",
        ),
    ],
)
async def test_a_package_that_is_not_in_the_zip(function, makefile, where):
    """A missing package is an error in awslambdaric's words, with advice where to name it."""
    function.write("import aiohttp.web")
    if makefile:
        function.write("", "Makefile")
    message = "Runtime.ImportModuleError: Unable to import module 'app.handler': No module named 'aiohttp'"
    assert await failure(function) == ("init", "shop-Greeter-1A2B", message, ADVICE + where)


async def test_a_package_that_is_missing_in_a_request(function):
    """A module that is imported in the request gets the same advice, below the traceback."""
    function.write("def handler(event, context):\n    import aiohttp")
    kind, _, message, detail = await failure(function)
    assert (kind, message) == ("error", "ModuleNotFoundError: No module named 'aiohttp'")
    assert detail.splitlines()[1:3] == ['  File "app/handler.py", line 2, in handler', "    import aiohttp"]
    assert detail.splitlines()[4].startswith(ADVICE)


async def test_a_module_that_the_build_leaves_out(function):
    """A module that the source has and the build has not is named."""
    function.write("import unrelated")
    function.write("", "unrelated/__init__.py")
    *_, detail = await failure(function)
    assert detail == "unrelated exists, but the function's build leaves it out: copy it there."


async def test_a_logged_traceback_names_the_source(function, monkeypatch):
    """A traceback that a function prints names the developer's files, from the working directory if they lie there."""
    monkeypatch.chdir(function.source)
    function.write("""
import logging, types
def handler(event, context):
    print(f"{types.__file__} {__file__}c and {__file__} and /var/task/app/handler.py and /var/task/none.py")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("failed")
""")
    await function.invoke()
    files, _, _, frame, *_ = function.lines
    assert files.split(" and ")[1:] == ["app/handler.py", "app/handler.py", "/var/task/none.py"]
    assert frame == '  File "app/handler.py", line 6, in handler'


async def test_a_syntax_error_says_where(function):
    """A syntax error names the module, the developer's file and the line, and says that it is enough to save."""
    function.write("def handler(event, context):\n    return (\n")
    kind, _, message, detail = await failure(function)
    text = (
        "Runtime.UserCodeSyntaxError: Syntax error in module 'app.handler': '(' was never closed (handler.py, line 2)"
    )
    assert (kind, message) == ("init", text)
    where = '  File "app/handler.py" Line 2\n        return (\n'
    save = "Correct the line and save the file: the next request runs the new code."
    assert detail == f"Traceback (most recent call last):\n{where}{text}\n{save}"


async def test_an_exception_at_import_is_an_init_failure(function):
    """An exception during the import of the module is reported with its type, message and line."""
    function.write("SETTINGS = {}\nTABLE = SETTINGS['table']\n")
    kind, _, message, detail = await failure(function)
    assert (kind, message) == ("init", "KeyError: 'table'")
    assert detail.endswith("app/handler.py\", line 2, in <module>\n    TABLE = SETTINGS['table']\nKeyError: 'table'")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("sys.exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("exit(4)", "Runtime exited with error: exit status 4"),
        ("os._exit(5)", "Runtime exited with error: exit status 5"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
@pytest.mark.parametrize("where", ["{}\ndef handler(event, context): pass", "def handler(event, context): {}"])
async def test_an_exit_is_reported(function, where, code, message):
    """A process that ends during the import or a request is Lambda's Runtime.ExitError."""
    function.write("import os, sys\n" + where.format(code))
    assert await failure(function) == ("exit", "shop-Greeter-1A2B", f"Runtime.ExitError: {message}", "")


async def test_the_context_object(function):
    """The context has the attributes of Lambda's, with the values of a replica in the edge Region."""
    function.write("""
def handler(event, context):
    seen = {name: getattr(context, name) for name in vars(context) if not name.startswith("_")}
    identity = seen.pop("identity")
    return seen | {"identity": [identity.cognito_identity_id, identity.cognito_identity_pool_id],
                   "remaining": context.get_remaining_time_in_millis()}
""")
    context = await function.invoke()
    [(day, version)] = [context.pop("log_stream_name").rsplit("/", 1)]
    assert len(context.pop("aws_request_id")) == 36
    assert 0 < context.pop("remaining") <= 10_000
    assert (len(day), version[:3], len(version)) == (len("2026/11/22"), "[7]", 3 + 32)
    assert context == {
        "log_group_name": "/aws/lambda/us-east-1.shop-Greeter-1A2B",
        "function_name": "us-east-1.shop-Greeter-1A2B",
        "memory_limit_in_mb": "128",
        "function_version": "7",
        "invoked_function_arn": ("arn:aws:lambda:ap-southeast-2:123456789012:function:us-east-1.shop-Greeter-1A2B:7"),
        "client_context": None,
        "identity": [None, None],
    }


async def test_the_import_path(function):
    """The artifact comes first, then the standard library; the process starts in the artifact's folder."""
    function.write("import os, sys\ndef handler(event, context): return [os.getcwd(), *sys.path]")
    working_folder, task_root, *library = await function.invoke()
    assert working_folder == task_root
    assert [path for path in library if "site-packages" in path or "dist-packages" in path] == []


async def test_the_artifact_wins_over_the_library(function):
    """A module of the artifact hides a standard module of the same name: /var/task comes first on Lambda, too."""
    function.write("NAME = 'ours'", "wave.py")
    function.write("NAME = 'ours'", "six.py")
    function.write("import six, wave\ndef handler(event, context): return [wave.NAME, six.NAME]")
    assert await function.invoke() == ["ours", "ours"]


async def test_the_sdk_is_there(function):
    """boto3 and its dependencies can be imported and used, as in the managed runtime."""
    function.write("""
import boto3, botocore, dateutil.tz, jmespath, s3transfer.manager, six, urllib3
def handler(event, context):
    client = boto3.client("dynamodb")
    return [client.meta.endpoint_url, client.meta.region_name, client._request_signer._credentials.access_key]
""")
    assert await function.invoke() == ["http://127.0.0.1:4566", "ap-southeast-2", "ASIA1"]


async def test_nothing_else_can_be_imported(function):
    """No installed package but the SDK can be imported, and no module of this project."""
    installed = {name for name in importlib.metadata.packages_distributions() if name.isidentifier()} - {"__pycache__"}
    here = {"cloudfront_local", "bootstrap", "sandbox", "conftest"}
    function.write(
        "import importlib.util\ndef handler(names, context): return [n for n in names if importlib.util.find_spec(n)]"
    )
    found = await function.invoke(sorted((installed | here) - sys.stdlib_module_names))
    assert {"boto3", "aiohttp", "pytest"} <= installed
    assert found == sorted(PYTHON_PACKAGES)


async def test_the_artifact_gets_no_bytecode(function):
    """Running a function writes nothing into its artifact."""
    function.write("import os\ndef handler(event, context): return sorted(os.listdir('app'))")
    assert await function.invoke() == ["handler.py"]


async def test_logging_is_set_up_as_lambda_does(function):
    """The root logger has a handler already: basicConfig does nothing, and log lines have the request's id."""
    function.write("""
import logging
logging.basicConfig(level=logging.INFO, format="mine %(message)s")
def handler(event, context):
    logging.warning("low on %s", "tea")
    logging.getLogger("app").info("not shown")
    return context.aws_request_id
""")
    request_id = await function.invoke()
    [[level, time, logged_id, message]] = [line.split("\t") for line in function.lines]
    assert (level, logged_id, message) == ("[WARNING]", request_id, "low on tea")
    assert len(time) == len("2026-11-22T12:00:00.000Z")


async def test_there_is_nothing_to_read(function):
    """Standard input is empty."""
    function.write("import sys\ndef handler(event, context): return sys.stdin.read()")
    assert await function.invoke() == ""


async def test_the_clock_is_utc(function, monkeypatch):
    """The local time is UTC, whatever the machine's time zone is."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    function.write("import time\ndef handler(event, context): return [time.timezone, time.localtime().tm_isdst]")
    assert await function.invoke() == [0, 0]


async def test_threads_of_the_runtime_are_out_of_sight(function):
    """A function that lists its threads or its arguments finds only its own."""
    function.write(
        "import sys, threading\ndef handler(event, context): return [threading.active_count(), len(sys.argv)]"
    )
    assert await function.invoke() == [1, 1]
