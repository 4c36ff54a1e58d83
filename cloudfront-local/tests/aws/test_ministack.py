import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from cloudfront_local.aws import installation, ministack
from cloudfront_local.aws.ministack import MinistackError
from cloudfront_local.errors import LocalError


@pytest.fixture(autouse=True)
def temporary_files(tmp_path, monkeypatch):
    """The folder for temporary files. It holds the embedded AWS's folder and nothing else."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def port_of(endpoint):
    return int(endpoint.url.rpartition(":")[2])


def refuses_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


async def test_runs():
    """Tools are the root user of the embedded AWS's account, in the given Region."""
    async with ministack.running(region="eu-west-1") as aws:
        identity = aws.endpoint.client("sts").get_caller_identity()
        assert identity["Arn"] == "arn:aws:iam::123456789012:root"
        assert aws.endpoint.client("sts").meta.region_name == "eu-west-1"


async def test_enforces_iam(endpoint):
    """Access keys that were never issued are refused."""
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint.url,
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wrong",
    )
    with pytest.raises(ClientError) as refusal:
        sts.get_caller_identity()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


async def test_listens_on_loopback_alone(endpoint):
    """The embedded AWS does not listen on the machine's other addresses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; picks the interface that leads outside
        address = probe.getsockname()[0]
    with socket.socket() as outside:
        assert outside.connect_ex((address, port_of(endpoint))) != 0


async def test_ends(temporary_files):
    """After the end, the port refuses connections and no file is left."""
    async with ministack.running() as aws:
        port = port_of(aws.endpoint)
        assert not refuses_connections(port)
        assert len(list(temporary_files.iterdir())) == 1
    assert refuses_connections(port)
    assert list(temporary_files.iterdir()) == []


async def test_user_settings_do_not_count(monkeypatch, tmp_path):
    """Tools reach the embedded AWS even if the user's shell has a profile, a proxy or another endpoint."""
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://192.0.2.1\nregion = eu-west-3\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    async with ministack.running() as aws:
        assert aws.endpoint.client("sts").get_caller_identity()["Account"] == "123456789012"
        environment = aws.endpoint.environment()
    assert {name: value for name, value in environment.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": aws.endpoint.key.id,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": aws.endpoint.key_value_store_url,
        "AWS_ENDPOINT_URL": aws.endpoint.url,
        "AWS_SECRET_ACCESS_KEY": aws.endpoint.key.secret,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


async def test_port_in_use():
    """A port in use is an error that names the environment variable to set."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalError) as error:
            async with ministack.running(port):
                pass
    assert str(error.value) == (
        f"Port {port} is not available: Address already in use. Choose another port, such as AWS_PORT={port + 1}."
    )


async def test_ends_by_itself(temporary_files):
    """If the embedded AWS ends by itself, `ended` raises an error, and no file is left."""
    with pytest.raises(MinistackError, match=r"^The embedded AWS \(ministack\) ended by itself\."):
        async with ministack.running() as aws:
            (pid_file,) = temporary_files.glob("*/ministack-*.pid")
            os.kill(int(pid_file.read_text()), signal.SIGKILL)
            await aws.ended()
    assert list(temporary_files.iterdir()) == []


async def test_does_not_start(temporary_files, tmp_path, monkeypatch):
    """If the embedded AWS does not start, the error shows its last lines."""
    installed = Path(await installation.python()).parents[1]
    broken = tmp_path / "cache" / installed.name / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\necho No module named ministack\nexit 1\n")
    broken.chmod(0o755)
    (broken.parents[1] / "installed").touch()
    monkeypatch.setenv("CLOUDFRONT_LOCAL_CACHE", str(tmp_path / "cache"))
    with pytest.raises(MinistackError) as error:
        async with ministack.running():
            pass
    assert str(error.value) == (
        "The embedded AWS (ministack) did not start. Its last lines:\n  No module named ministack"
    )
    assert list(temporary_files.iterdir()) == []


def test_parent_is_killed(temporary_files, eventually):
    """If the parent is killed, the embedded AWS ends and its files are removed."""
    program = """
import asyncio, os, signal
from cloudfront_local.aws import ministack
async def main():
    async with ministack.running() as aws:
        print(aws.endpoint.url, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    repository = Path(__file__).parents[2]
    environment = {**os.environ, "TMPDIR": str(temporary_files), "PYTHONPATH": str(repository)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (-signal.SIGKILL, "")
    port = int(run.stdout.strip().rpartition(":")[2])
    eventually(lambda: refuses_connections(port) and not list(temporary_files.iterdir()))
