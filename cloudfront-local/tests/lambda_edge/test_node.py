"""A Node.js function's process looks like Lambda's, and treats results and errors as Lambda does."""

import asyncio
import sys

import pytest

from cloudfront_local.distribution.failure import FunctionFailed


async def failure(function, event=None):
    """The kind, message and detail of a failure, with paths from the source's folder."""
    with pytest.raises(FunctionFailed) as caught:
        await function.invoke(event)
    failed = caught.value
    return failed.kind, *(text.replace(f"{function.source}/", "") for text in (failed.message, failed.detail))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("index.js", "exports.handler = (event, context, callback) => callback(null, [event])"),
        ("index.js", "exports.handler = async (event) => [event]"),
        ("index.js", "exports.handler = (event, context) => { context.succeed([event]) }"),
        ("index.js", "exports.handler = (event, context) => { context.done(null, [event]) }"),
        ("index.cjs", "exports.handler = async (event) => [event]"),
        ("index.mjs", "export const handler = async (event) => [event]"),
        ("index.mjs", "const [one] = await Promise.all([1]); export const handler = (e, c, done) => done(null, [e])"),
        ("index/index.js", "exports.handler = async (event) => [event]"),
    ],
)
async def test_handlers(node, name, code):
    """Handlers with a callback, and async ones, in CommonJS and ES modules."""
    node.write(code, name)
    assert await node.invoke({"uri": "ü\u2028"}) == [{"uri": "ü\u2028"}]


@pytest.mark.parametrize(
    ("handler", "file"), [("src/index.handler", "src/index.js"), ("a/b/edge.api.get", "a/b/edge.js")]
)
async def test_a_handler_in_a_folder(node, handler, file):
    """The handler's module may lie in a folder, and the function in an object; "type" holds for the folders below."""
    node.handler = handler
    name = handler.split(".")[1]
    node.write('{ "type": "module" }', "package.json")
    node.write("export const x = async () => 'x'; x.toJSON = () => 'x'", f"{file.rpartition('/')[0]}/x.js")
    node.write(f"import {{ x }} from './x.js'; const f = async () => x; f.get = f; export const {name} = f", file)
    assert await node.invoke() == "x"


@pytest.mark.parametrize(
    ("result", "parsed"),
    [
        ("undefined", None),
        ("() => 1", None),
        ("{ a: undefined, b: () => 1, c: [undefined, NaN, Symbol()], d: new Date(0), e: new Map([[1, 2]]) }",
         {"c": [None, None, None], "d": "1970-01-01T00:00:00.000Z", "e": {}}),
        ("{ toJSON: () => 'x' }", "x"),
        ("{ status: '200', body: 'x'.repeat(1_400_000) }", {"status": "200", "body": "x" * 1_400_000}),
    ],
)  # fmt: skip
async def test_a_result_is_marshalled_as_lambda_does(node, result, parsed):
    """A result arrives as the JSON that Lambda's runtime makes of it."""
    node.write(f"exports.handler = async () => ({result})")
    assert await node.invoke() == parsed


@pytest.mark.parametrize("code", ["(e, c, done) => done(null, x)", "async () => x"])
@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ("a = {}; x.a = x", "TypeError: Converting circular structure to JSON"),
        ("b = 1n", "TypeError: Do not know how to serialize a BigInt"),
    ],
)
async def test_a_result_that_is_not_json(node, code, result, reason):
    """A result that cannot be JSON is an error of the function, in Lambda's words, with the reason and advice."""
    node.write(f"const x = {{}}; x.{result}; exports.handler = {code}")
    kind, message, detail = await failure(node)
    assert (kind, message) == ("error", "Error: Unable to stringify response body")
    assert detail.startswith(reason)
    assert detail.endswith(
        "\nReturn plain objects, arrays, strings and numbers: no object that contains itself, no BigInt."
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("(e, c, done) => { done(null, 1); done(null, 2) }", 1),
        ("(e, c, done) => { setTimeout(() => console.log('late'), 100); done(null, 1) }", 1),
        ("(e, c, done) => {}", None),
        ("(e) => 'ignored'", None),
        ("(e, c, done) => { fs.readFile(__filename, 'utf8', (error, text) => done(error, text.length > 9)) }", True),
    ],
)
async def test_callbacks(node, code, expected):
    """The first call counts; the answer waits until the event loop is empty, also if there is no call at all."""
    node.write(f"const fs = require('fs'); exports.handler = {code}")
    assert await node.invoke() == expected
    assert node.lines == (["late"] if "late" in code else [])


async def test_the_callback_need_not_wait(node):
    """With callbackWaitsForEmptyEventLoop = false the answer comes at once."""
    node.timeout = 3
    node.write("""
exports.handler = (event, context, callback) => {
    const waits = context.callbackWaitsForEmptyEventLoop;
    context.callbackWaitsForEmptyEventLoop = false;
    setInterval(() => {}, 1000);
    callback(null, waits);
}""")
    assert await node.invoke() is True


UNREADABLE = "handled: The error has no readable message."


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("(e, c, done) => done(new RangeError('out'))", "RangeError: out"),
        ("(e, c, done) => done('words')", "string: words"),
        ("(e, c) => c.fail()", "string: handled"),
        ("async () => { throw { code: 1 } }", "object: [object Object]"),
        ("async () => { throw Object.create(null) }", UNREADABLE),
        ("async () => { throw Object.assign(new Error('odd'), { name: undefined, stack: 1 }) }", UNREADABLE),
        ("async () => { const e = new Error('own'); e.cause = e; throw e }", "Error: own"),
        ("() => { throw new class Mine extends Error { name = 'Mine' }('own') }", "Mine: own"),
        ("(e, c, done) => { setTimeout(() => { throw new Error('later') }) }", "Error: later"),
        (
            "(e, c, done) => { Promise.reject(new Error('lost')) }",
            "Runtime.UnhandledPromiseRejection: Error: lost",
        ),
        (
            "async () => new Promise(() => {})",
            "Runtime.NodeJsExit: The Lambda runtime client detected an unexpected Node.js exit code. This is most "
            "commonly caused by a Promise that was never settled.",
        ),
    ],
)
async def test_errors(node, code, message):
    """Every way to fail arrives with Lambda's type and message. The next request is served."""
    node.write(f"let n = 0; const f = {code}; exports.handler = f")
    async with node.running() as runtime:
        assert await node.failure(runtime) == ("error", message)
        assert await node.failure(runtime) == ("error", message)


async def test_the_stack_names_the_source(node, monkeypatch):
    """The stack has the frames of the developer's files alone, and the causes."""
    monkeypatch.chdir(node.source)
    node.write("""
const { uri } = require("./lib/uri");
exports.handler = async (event) => {
    await null;
    try { return uri(event); } catch (error) { throw new Error("no uri", { cause: error }); }
};""", "index.js")  # fmt: skip
    node.write("exports.uri = (event) =>\n  event.request.uri;", "lib/uri.js")
    kind, message, detail = await failure(node, {})
    assert (kind, message) == ("error", "Error: no uri")
    assert detail.splitlines() == [
        "Error: no uri",
        "    at exports.handler (index.js:5:54)",
        "Caused by: TypeError: Cannot read properties of undefined (reading 'uri')",
        "    at exports.uri (lib/uri.js:2:17)",
        "    at exports.handler (index.js:5:18)",
    ]


async def test_the_stack_of_an_es_module(node):
    """ES modules, which Node.js names by URL, have paths, too."""
    node.write("export const handler = async () => missing;", "index.mjs")
    assert (await failure(node))[1:] == (
        "ReferenceError: missing is not defined",
        "ReferenceError: missing is not defined\n    at handler (index.mjs:1:36)",
    )


@pytest.mark.parametrize(
    ("handler", "code", "message"),
    [
        ("other.handler", "", "Runtime.ImportModuleError: Error: Cannot find module 'other'"),
        ("index.main", "", "Runtime.HandlerNotFound: index.main is undefined or not exported"),
        ("index.main", "exports.main = 1", "Runtime.HandlerNotFound: index.main is not a function"),
        ("index", "", "Runtime.MalformedHandlerName: Bad handler"),
        ("/none/index.handler", "", "Runtime.ImportModuleError: Error: Cannot find module '/none/index'"),
        (
            "../index.handler",
            "",
            "Runtime.MalformedHandlerName: '../index.handler' is not a valid handler name. Use absolute paths when "
            "specifying root directories in handler names.",
        ),
    ],
)
async def test_a_handler_that_cannot_be_loaded(node, handler, code, message):
    """A handler that cannot be loaded fails in the words of Lambda's runtime."""
    node.handler = handler
    node.write(code)
    assert (await failure(node))[:2] == ("init", message)


@pytest.mark.parametrize(
    ("runtime", "code", "result"),
    [
        ("nodejs24.x", "async () => 1", 1),
        ("nodejs24.x", "() => 2", 2),
        ("nodejs24.x", "async (e, c) => [c.done, c.callbackWaitsForEmptyEventLoop]", [None, None]),
        ("nodejs8.10", "(e, c, done) => done(null, 3)", 3),
    ],
)
async def test_a_runtime_has_its_handlers(node, runtime, code, result):
    """The template's runtime says which handlers there are, whatever the version of the machine's node is."""
    node.runtime = runtime
    node.write(f"exports.handler = {code}")
    assert await node.invoke() == result


async def test_a_callback_is_refused(node):
    """From nodejs24.x on, Lambda takes no callback handlers."""
    node.runtime = "nodejs24.x"
    node.write("exports.handler = (event, context, callback) => callback(null, 1)")
    kind, message, detail = await failure(node)
    assert (kind, message.partition(":")[0]) == ("init", "Runtime.CallbackHandlerDeprecated")
    assert detail == "Make the handler `async (event, context)`, and return the result; or set Runtime: nodejs22.x."


@pytest.mark.parametrize("name", ["index.js", "index.mjs", "lib/own.mjs"])
async def test_a_syntax_error_says_where(node, name):
    """A syntax error has the developer's file, the line, and says that it is enough to save."""
    node.write(f"import './{name}'" if name.startswith("lib") else "", "index.mjs")
    node.write("const x = 1;\nconst y = (;\n", name)
    kind, message, detail = await failure(node)
    assert (kind, message) == ("init", "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token ';'")
    assert detail.splitlines() == [
        f"{name}:2",
        "const y = (;",
        "           ^",
        "",
        "SyntaxError: Unexpected token ';'",
        "Correct the line and save the file: the next request runs the new code.",
    ]


@pytest.mark.parametrize("name", ["index.js", "index.mjs"])
async def test_a_syntax_error_of_data(node, name):
    """A syntax error in what the module reads counts as one, as on Lambda; the stack says where."""
    node.write("console.log('once');\nJSON.parse('{');\n", name)
    kind, message, detail = await failure(node)
    assert (kind, message.partition(": ")[0]) == ("init", "Runtime.UserCodeSyntaxError")
    assert f"{name}:2:6" in detail
    assert node.lines == ["once"]


async def test_an_error_at_import_is_an_init_failure(node):
    """An error while the module is loaded has its type, message and line."""
    node.write("const settings = undefined;\nsettings.table;\n")
    kind, message, detail = await failure(node)
    assert (kind, message) == ("init", "TypeError: Cannot read properties of undefined (reading 'table')")
    assert detail.splitlines()[1] == "    at Object.<anonymous> (index.js:2:10)"


PACKAGE = "Lambda's Node.js has its own modules and the AWS SDK; other packages go into the function's zip. "
SDK = "Lambda's nodejs18.x and later have the AWS SDK v3; here the function's zip must have it. "


@pytest.mark.parametrize(
    ("name", "code", "advice"),
    [
        ("index.js", "require('left-pad/x')", (PACKAGE, "left-pad")),
        ("index.mjs", "import 'left-pad'", (PACKAGE, "left-pad")),
        ("index.js", "require('@aws-sdk/client-s3')", (SDK, "@aws-sdk/client-s3")),
        ("index.mjs", "import '@aws-sdk/client-s3'", (SDK, "@aws-sdk/client-s3")),
    ],
)
@pytest.mark.parametrize("manifest", [False, True])
async def test_a_package_that_is_not_in_the_zip(node, name, code, advice, manifest):
    """A missing package is named, with advice how to get it into the zip. A folder above the build does not count."""
    for package in ("left-pad", "@aws-sdk/client-s3"):
        folder = node.builds.parent / "node_modules" / package
        folder.mkdir(parents=True)
        (folder / "index.js").write_text("exports.x = 1")
    node.write(code, name)
    if manifest:
        node.write("{}", "package.json")
    kind, message, detail = await failure(node)
    assert kind == "init"
    assert f"Cannot find {'module' if name == 'index.js' else 'package'} '" in message
    assert "bootstrap" not in detail
    why, missing = advice
    begin = "" if manifest else "npm init -y && "
    how = f"Run `cd {node.source} && {begin}npm install {missing}`: `sam build` installs it from package.json."
    assert detail.splitlines()[-1] == why + how


@pytest.mark.parametrize(
    ("name", "code"), [("index.js", "require('./unrelated/x')"), ("index.mjs", "import './unrelated/x.js'")]
)
async def test_a_file_that_the_build_leaves_out(node, name, code):
    """A file that the source has and the build has not is named."""
    node.write(code, name)
    node.write("", "unrelated/x.js")
    *_, detail = await failure(node)
    assert detail.splitlines()[-1] == "unrelated/x.js exists, but the function's build leaves it out: copy it there."


@pytest.mark.parametrize(
    ("file", "package", "advice"),
    [
        ("Makefile", "left-pad", f"{PACKAGE}Let Makefile install left-pad into the function's folder."),
        (
            "index.js",
            "aws-sdk",
            "Lambda's nodejs16.x and earlier have this AWS SDK, v2. It cannot be led to the embedded AWS: use v3 "
            "(@aws-sdk/client-...).",
        ),
    ],
)
async def test_other_advice_on_packages(node, file, package, advice):
    """A Makefile installs packages itself; the old SDK does not suit."""
    node.write("", file)
    node.write(f"exports.handler = async () => require('{package}')")
    kind, message, detail = await failure(node)
    assert (kind, message.splitlines()[0]) == ("error", f"Error: Cannot find module '{package}'")
    assert detail.splitlines()[-1] == advice


async def test_packages_of_the_artifact(node):
    """node_modules in the artifact, in CommonJS and ES modules, and the artifact's own files by NODE_PATH."""
    node.write("exports.name = 'ours'", "node_modules/ours/index.js")
    node.write("export const name = 'esm'", "node_modules/esm/index.js")
    node.write('{ "type": "module", "exports": "./index.js" }', "node_modules/esm/package.json")
    node.write("exports.name = 'lib'", "lib/own.js")
    node.write("""
exports.handler = async () => [require("ours").name, (await import("ours")).name, (await import("esm")).name,
                               require("lib/own").name];
""")
    assert await node.invoke() == ["ours", "ours", "esm", "lib"]


async def test_the_context_object(node):
    """The context has the properties of Lambda's, with the values of a replica in the edge Region."""
    node.write("""
exports.handler = async (event, context) => ({
    ...context, remaining: context.getRemainingTimeInMillis(), names: Object.keys(context), own: this === module.exports
});""")
    context = await node.invoke()
    assert 0 < context.pop("remaining") <= 10_000
    assert len(context.pop("awsRequestId")) == 36
    assert len(context.pop("logStreamName")) == len("2026/11/22/[7]") + 32
    names = {"succeed", "fail", "done", "identity", "clientContext", "getRemainingTimeInMillis"}
    assert names <= set(context.pop("names"))
    assert context == {
        "callbackWaitsForEmptyEventLoop": True,
        "functionName": "us-east-1.shop-Greeter-1A2B",
        "functionVersion": "7",
        "invokedFunctionArn": "arn:aws:lambda:ap-southeast-2:123456789012:function:us-east-1.shop-Greeter-1A2B:7",
        "logGroupName": "/aws/lambda/us-east-1.shop-Greeter-1A2B",
        "memoryLimitInMB": "128",
        "own": True,
    }


async def test_the_environment(node, monkeypatch):
    """Lambda's reserved variables and no others; the clock is UTC; standard input is empty."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("NODE_OPTIONS", "--no-such-option")
    node.write("""
const fs = require("fs");
const zone = () => new Date(0).getTimezoneOffset();
exports.handler = async () => [
    process.env, zone(), fs.readFileSync(0, "utf8"), process.cwd() === __dirname, process.argv.length
];""")
    environment, *rest = await node.invoke()
    assert rest == [0, "", True, 2]
    assert environment.pop("LAMBDA_TASK_ROOT") == environment.pop("NODE_PATH")
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_nodejs22.x"
    assert environment["AWS_ENDPOINT_URL"] == node.endpoint_url
    assert {environment["AWS_ACCESS_KEY_ID"], environment["_HANDLER"]} == {"ASIA1", "index.handler"}
    assert set(environment) <= RESERVED


RESERVED = {
    *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"),
    *("AWS_EXECUTION_ENV", "HOME"),
    *("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_REGION"),
    *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
    *("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LANG", "PATH", "TZ"),
}


async def test_lines_are_printed_in_order(node):
    """Everything that a request printed has come when its result comes, in order, with the request's id."""
    node.write("""
exports.handler = async (event, context) => {
    for (let line = 0; line < 3000; line++) (line % 2 ? console.error : console.log)("%d %s", line, "x".repeat(90));
    process.stdout.write("no end");
    return context.awsRequestId;
}""")
    request_id = await node.invoke()
    assert node.lines == [f"{line} {'x' * 90}" for line in range(3000)] + ["no end"]
    assert {printed[1] for printed in node.printed} == {request_id}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("process.exit(3)", "Runtime exited with error: exit status 3"),
        ("process.exit()", "Runtime exited without providing a reason"),
        ("process.kill(process.pid, 9)", "Runtime exited with error: signal: killed"),
    ],
)
@pytest.mark.parametrize("where", ["{}; exports.handler = async () => {{}}", "exports.handler = async () => {{ {} }}"])
async def test_an_exit_is_reported(node, where, code, message):
    """A process that ends while it loads the module, or in a request, is Lambda's Runtime.ExitError."""
    node.write(where.format(code))
    kind, text, _ = await failure(node)
    assert (kind, text) == ("exit", f"Runtime.ExitError: {message}")


async def test_a_process_serves_many_requests(node):
    """A process serves one request after the other, big ones too."""
    node.write("""
let count = 0;
exports.handler = async (event) => ({ pid: process.pid, count: ++count, length: event.length });""")
    async with node.running() as runtime:
        first, second = [await runtime.invoke(node.arn, "x" * 2_000_000) for _ in range(2)]
    assert first["pid"] == second["pid"]
    assert [(each["count"], each["length"]) for each in (first, second)] == [(1, 2_000_000), (2, 2_000_000)]


async def test_an_error_after_the_answer(node):
    """An error that nobody catches after the answer is printed; the next request gets another process."""
    node.write("""
exports.handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = false;
    if (event) setTimeout(() => { throw new Error("late"); }, 50);
    callback(null, process.pid);
};""")
    async with node.running() as runtime:
        before = await runtime.invoke(node.arn, True)
        await node.until(lambda: "Error: late" in node.lines)
        assert await runtime.invoke(node.arn, False) != before


async def test_an_edit_is_run_at_the_next_request(node):
    """An edited source is built and run by the next request."""
    node.write("exports.handler = async () => 1")
    async with node.running() as runtime:
        assert await runtime.invoke(node.arn, None) == 1
        node.write("exports.handler = async () => 2222")
        assert await runtime.invoke(node.arn, None) == 2222


HERE = "It was here when its time ended (most recent call last):\n"


@pytest.mark.parametrize("code", ["for (;;) {}", "/(a+)+b/.test('a'.repeat(60))"])
@pytest.mark.parametrize("name", ["index.js", "index.mjs"])
async def test_a_timeout_says_where_the_function_was(node, code, name):
    """A function that never yields is killed. The failure has its stack in the developer's files."""
    node.timeout = 1
    export = "exports.handler =" if name == "index.js" else "export const handler ="
    body = "async () => {\n    await null;\n    console.log('x');\n    loop();\n};"
    node.write(f"{export} {body}\nfunction loop() {{\n    {code}\n}}", name)
    kind, message, detail = await failure(node)
    assert (kind, message) == ("timeout", "Task timed out after 1.00 seconds")
    assert detail.endswith(f'  File "{name}", line 7, in loop\n    {code}\n')
    assert detail.startswith(f'{HERE}  File "{name}", line 4, in ')
    assert node.lines == ["x"]


async def test_a_timeout_of_the_import_says_where(node, monkeypatch):
    """A module that takes too long to load is shown at its line."""
    monkeypatch.setattr("cloudfront_local.lambda_edge.sandbox.INIT_TIMEOUT", 1.0)
    node.write("\nfor (;;) {}")
    kind, message, detail = await failure(node)
    assert (kind, message) == ("init", "Init phase timed out after 1.00 seconds")
    assert detail == f'{HERE}  File "index.js", line 2, in <anonymous>\n    for (;;) {{}}\n'


async def test_a_timeout_of_a_function_that_waits(node):
    """A function that waits has no stack. The failure says for what it waits."""
    node.timeout = 1
    node.write("exports.handler = async () => new Promise((settle) => setTimeout(settle, 60_000))")
    assert await failure(node) == ("timeout", "Task timed out after 1.00 seconds", f"{HERE}  Waiting for Timeout\n")


SLEEPER = """
const { spawn } = require("child_process");
const net = require("net");
exports.handler = (event, context, callback) => {
    const held = net.connect(event.port, "127.0.0.1", () => {
        spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", held._handle.fd], detached: true });
        held.write("here", () => {
            if (event.returns) callback(null, 1);
            else for (;;) {}
        });
    });
    context.callbackWaitsForEmptyEventLoop = false;
};
"""


async def test_the_timeout_ends_the_process_and_its_children(node, witness):
    """A function that takes too long is killed with its child processes, those in other groups, too."""
    node.timeout = 2
    node.write(SLEEPER)
    async with node.running() as runtime:
        assert await node.failure(runtime, witness.event) == ("timeout", "Task timed out after 2.00 seconds")
        await witness.death(await witness.arrival())


async def test_a_cancelled_request_kills_its_process(node, witness):
    """If the caller is cancelled during a request, the process is killed in the middle of the handler."""
    node.write(SLEEPER)
    async with node.running() as runtime:
        request = asyncio.create_task(runtime.invoke(node.arn, witness.event))
        connection = await witness.arrival()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await witness.death(connection)


async def test_processes_end_with_a_killed_parent(node, witness):
    """When the parent is killed, its idle and its busy process end, and every process that they started."""
    node.write(SLEEPER)
    command = [sys.executable, "-c", PARENT, str(node.source), str(witness.event["port"]), node.program]
    parent = await asyncio.create_subprocess_exec(*command)
    try:
        connections = [await witness.arrival(), await witness.arrival()]
    finally:
        parent.kill()
        await parent.wait()
    for connection in connections:
        await witness.death(connection)


PARENT = """
import asyncio, datetime, sys
from pathlib import Path
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.edge import EdgeRuntime
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source, fingerprint

source = Path(sys.argv[1])
async def resolve(arn):
    artifact = Artifact(Source(source), None, built=source, built_from=fingerprint(source))
    return Function(arn, "index.handler", "nodejs22.x", 60, 128, "role", artifact, program=sys.argv[3])
async def assume(role):
    expiration = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    return {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": expiration}
async def main():
    runtime = EdgeRuntime(resolve, assume, region="us-east-1", endpoint_url=None, console=print)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:name:1"
    await asyncio.gather(*(runtime.invoke(arn, {"port": int(sys.argv[2]), "returns": r}) for r in (True, False)))
asyncio.run(main())
"""
