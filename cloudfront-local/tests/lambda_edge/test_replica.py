"""The environment variables of a function."""

from pathlib import Path


async def test_the_environment_is_the_edge_s(function, monkeypatch):
    """A function has Lambda's reserved variables and AWS_ENDPOINT_URL, and no variable of the developer's."""
    monkeypatch.setenv("DEVELOPERS_SECRET", "hunter2")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    function.write("import os\ndef handler(event, context): return [dict(os.environ), os.getcwd()]")
    variables, folder = await function.invoke()
    stream = variables.pop("AWS_LAMBDA_LOG_STREAM_NAME")
    trace_id = variables.pop("_X_AMZN_TRACE_ID")
    runtime_folder = variables.pop("LAMBDA_RUNTIME_DIR")
    assert variables == {
        "_HANDLER": "app.handler.handler",
        "AWS_ACCESS_KEY_ID": "ASIA1",
        "AWS_DEFAULT_REGION": "ap-southeast-2",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": "us-east-1.shop-Greeter-1A2B",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/us-east-1.shop-Greeter-1A2B",
        "AWS_REGION": "ap-southeast-2",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "LAMBDA_TASK_ROOT": folder,
        "HOME": "/home/sbx_user1051",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }
    assert stream[10:14] == "/[7]"
    assert [part.partition("=")[0] for part in trace_id.split(";")] == ["Root", "Parent", "Sampled"]
    assert runtime_folder.endswith("/cloudfront_local/lambda_edge")


async def test_without_an_endpoint_the_sdk_finds_aws_itself(function):
    """Without an endpoint, AWS_ENDPOINT_URL is not set."""
    function.endpoint_url = None
    function.write("import os\ndef handler(event, context): return os.environ.get('AWS_ENDPOINT_URL')")
    assert await function.invoke() is None


async def test_nothing_secret_shows_in_the_process_list(function):
    """Credentials are not among the process's arguments, which other users of the machine may list."""
    function.write("""
import subprocess, os
def handler(event, context): return subprocess.run(["ps", "-p", str(os.getpid()), "-o", "args="],
    capture_output=True, text=True, check=True).stdout
""")
    arguments = await function.invoke()
    assert "bootstrap.py" in arguments
    assert "secret" not in arguments


async def test_each_request_has_its_own_trace(function):
    """_X_AMZN_TRACE_ID changes with each request of a process."""
    function.write("import os\ndef handler(event, context): return os.environ['_X_AMZN_TRACE_ID']")
    async with function.running() as runtime:
        first = await runtime.invoke(function.arn, None)
        assert await runtime.invoke(function.arn, None) != first
