import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")


def bucket_of(region: str) -> str:
    return f"shop-content-123456789012-{region}"


@pytest.fixture
def content(aws):
    """Creates content buckets in two of the three Regions. Returns a function that reads their objects and metadata."""
    buckets = {region: aws.client("s3", region) for region in REGIONS[:2]}
    buckets["us-east-1"].create_bucket(Bucket=bucket_of("us-east-1"))
    here = {"LocationConstraint": "eu-west-1"}
    buckets["eu-west-1"].create_bucket(Bucket=bucket_of("eu-west-1"), CreateBucketConfiguration=here)

    def content():
        found = {}
        for region, s3 in buckets.items():
            for item in s3.list_objects_v2(Bucket=bucket_of(region)).get("Contents", []):
                answer = s3.get_object(Bucket=bucket_of(region), Key=item["Key"])
                says = (answer["ContentType"], answer["CacheControl"], answer["Metadata"])
                found[region, item["Key"]] = (answer["Body"].read(), *says)
        return found

    yield content
    for region, key in content():
        buckets[region].delete_object(Bucket=bucket_of(region), Key=key)
    for region, s3 in buckets.items():
        s3.delete_bucket(Bucket=bucket_of(region))


@pytest.fixture
def lighthouse(tmp_path):
    path = tmp_path / "lighthouse.svg"
    path.write_bytes(b"<svg/>")
    return path


def item(aws, file_id: str) -> dict[str, object] | None:
    return aws.dynamodb.get_item(TableName=aws.files_table, Key={"id": {"S": file_id}}).get("Item")


@pytest.mark.usefixtures("lighthouse")
def test_add(stack, aws, content):
    """A file is uploaded to each Region with the Region as metadata, and registered in that order."""
    key = "light-1/lighthouse.svg"
    two = ("--region", "eu-west-1", "--region", "us-east-1", "--region", "eu-west-1")
    assert stack("files", "add", "light-1", "lighthouse.svg", *two) == (
        0,
        "/files/light-1\n",
        "light-1 is now in eu-west-1, us-east-1:\n",
    )
    assert content() == {
        (region, key): (b"<svg/>", "image/svg+xml", "max-age=300", {"region": region})
        for region in ("us-east-1", "eu-west-1")
    }
    assert item(aws, "light-1") == {
        "id": {"S": "light-1"},
        "content_type": {"S": "image/svg+xml"},
        "locations": {
            "L": [
                {"M": {"bucket": {"S": bucket_of(region)}, "region": {"S": region}, "key": {"S": key}}}
                for region in ("eu-west-1", "us-east-1")
            ]
        },
    }


@pytest.mark.usefixtures("lighthouse")
def test_add_here(stack, content):
    """By default a file goes to the stack's Region. Type and caching can be set."""
    options = ("--content-type", "text/plain", "--cache-control", "no-cache")
    assert stack("files", "add", "a", "lighthouse.svg", *options).stderr == "a is now in us-east-1:\n"
    assert content() == {
        ("us-east-1", "a/lighthouse.svg"): (b"<svg/>", "text/plain", "no-cache", {"region": "us-east-1"})
    }


def test_add_twice(stack, aws, content, lighthouse):
    """An existing id is not replaced without --replace."""
    stack("files", "add", "a", "lighthouse.svg")
    lighthouse.write_bytes(b"<svg>2</svg>")
    assert stack("files", "add", "a", "lighthouse.svg", "--region", "eu-west-1") == (
        1,
        "",
        "There is already a file a. To replace it, add --replace.\n",
    )
    assert [region for region, _ in content()] == ["us-east-1"]
    assert stack("files", "add", "a", "lighthouse.svg", "--region", "eu-west-1", "--replace").status == 0
    assert content()["eu-west-1", "a/lighthouse.svg"][0] == b"<svg>2</svg>"
    assert [place["M"]["region"]["S"] for place in item(aws, "a")["locations"]["L"]] == ["eu-west-1"]


@pytest.mark.usefixtures("lighthouse")
def test_no_bucket(stack, aws, content):
    """For a Region without a bucket, the message names the command that creates it. Nothing is uploaded."""
    assert stack("files", "add", "a", "lighthouse.svg", "--region", "us-east-1", "--region", "ap-southeast-2") == (
        1,
        "",
        "There is no bucket shop-content-123456789012-ap-southeast-2. Nothing was uploaded. Create the bucket "
        "first, with `deploy-region ap-southeast-2`.\n",
    )
    assert (content(), item(aws, "a")) == ({}, None)


@pytest.mark.parametrize("file_id", ["", "a b", "a/b", "..", "é", "a" * 65, "a.svg"])
def test_ids(stack, lighthouse, file_id: str):
    """An id that the router would refuse is refused."""
    assert stack("files", "add", file_id, str(lighthouse)) == (
        1,
        "",
        f"{file_id!r} cannot be a file's id. Choose 1 to 64 letters, digits, hyphens and underscores.\n",
    )


def test_no_file(stack, tmp_path):
    """The message names a missing file."""
    (tmp_path / "folder").mkdir()
    for path in ("none.svg", "folder"):
        assert stack("files", "add", "a", path) == (1, "", f"There is no file {path} to upload. Check the path.\n")


@pytest.mark.parametrize(
    ("name", "region", "problem"),
    [
        ("a\nb.svg", "us-east-1", "a key contains a control character"),
        ("a.svg", "Ireland", "'shop-content-123456789012-Ireland' is not a bucket's name"),
        ("a.svg", "here", "'here' is not a Region"),
    ],
)
def test_what_the_router_would_not_follow(stack, tmp_path, name: str, region: str, problem: str):
    """A name or Region that the router would refuse is refused with the router's message."""
    (tmp_path / name).write_bytes(b"<svg/>")
    assert stack("files", "add", "a", name, "--region", region) == (
        1,
        "",
        f"The router would refuse this file: lookup API: {problem}.\n",
    )


@pytest.mark.usefixtures("lighthouse")
def test_forbidden_bucket(stack, misbehaving_server, monkeypatch, aws, content):
    """An error of S3 is one line with S3's message."""
    misbehaving_server.reply(403)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", misbehaving_server.url)
    assert stack("files", "add", "a", "lighthouse.svg") == (
        1,
        "",
        "You have no permission for this on the stack shop (HeadBucket: Forbidden). Ask for the permission, or sign in "
        "with a role that has it.\n",
    )
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    assert (content(), item(aws, "a")) == ({}, None)


@pytest.mark.usefixtures("lighthouse", "content")
def test_list(stack):
    """All copies of all files are listed, one in a line, the preferred copy first."""
    assert stack("files", "list") == (0, "", "shop has no files yet. Add one with `files add ID PATH`.\n")
    stack("files", "add", "b", "lighthouse.svg")
    stack("files", "add", "a", "lighthouse.svg", "--region", "us-east-1", "--region", "eu-west-1")
    assert stack("files", "list") == (
        0,
        f"a\tus-east-1\ts3://{bucket_of('us-east-1')}/a/lighthouse.svg\n"
        f"a\teu-west-1\ts3://{bucket_of('eu-west-1')}/a/lighthouse.svg\n"
        f"b\tus-east-1\ts3://{bucket_of('us-east-1')}/b/lighthouse.svg\n",
        "",
    )


def test_progress(content, tmp_path):
    """At a terminal, a bar for each Region shows the progress."""
    (tmp_path / "large.bin").write_bytes(bytes(3_000_000))
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "stack", "files", "add", "large", "large.bin"]
    command += ["--region", "us-east-1", "--region", "eu-west-1"]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY}/cloudfront-local",
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True):
        os.close(theirs)
        shown = ""
        while "/files/large" not in shown:
            shown += os.read(terminal, 10_000).decode()
    os.close(terminal)
    last = [line for line in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).splitlines() if "3.0/3.0 MB" in line]
    assert [line.split()[0] for line in last[-2:]] == ["us-east-1", "eu-west-1"]
    assert content()["eu-west-1", "large/large.bin"][0] == bytes(3_000_000)
