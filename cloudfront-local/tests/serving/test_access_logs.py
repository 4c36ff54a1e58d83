"""Access logs reach files and the distribution's bucket. What fails is said once, and nothing stops."""

import gzip
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from cloudfront_local.serving import running
from cloudfront_local.testing.workplace import Workplace

TEMPLATE = """
Resources:
  Logs: { Type: AWS::S3::Bucket, Properties: { BucketName: our-logs } }
  Distribution:
    Type: AWS::CloudFront::Distribution
    DependsOn: Logs
    Properties:
      DistributionConfig:
        Enabled: true
        Logging: { Bucket: %s.s3.amazonaws.com, Prefix: site }
        Origins:
          - { Id: o, DomainName: localhost, CustomOriginConfig: { OriginProtocolPolicy: http-only, HTTPPort: 1 } }
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
"""


def visited(url: str) -> None:
    try:
        urllib.request.urlopen(url)  # noqa: S310 - the address is http
    except urllib.error.HTTPError as error:
        error.close()


def test_file_and_bucket(tmp_path: Path) -> None:
    """Each request is in the file at once, and soon in an object of the bucket, compressed."""
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE % "our-logs")
    process = place.start(sys.executable, "-m", "cloudfront_local", "serve", "--access-log", "logs/mine")
    try:
        stack = place.await_ready(process)
        visited(f"{stack.url}/a?b=c")
        (file,) = (place.folder / "logs/mine").iterdir()
        assert file.name.startswith(f"{stack.distribution_id}.20")
        assert file.stat().st_mode & 0o777 == 0o600
        version, fields, line = file.read_text().splitlines()
        assert (version, len(fields.split()), "\t/a\t502\t" in line) == ("#Version: 1.0", 34, True)
        s3 = running.endpoint(stack).client("s3")
        prefix, objects = f"site/{stack.distribution_id}.20", []
        for _ in range(600):
            if objects := s3.list_objects_v2(Bucket="our-logs", Prefix=prefix).get("Contents", []):
                break
            time.sleep(0.1)
        (delivered,) = objects
        assert delivered["Key"].endswith(".gz")
        body = s3.get_object(Bucket="our-logs", Key=delivered["Key"])["Body"].read()
        assert gzip.decompress(body).decode() == file.read_text()
    finally:
        place.end()


def test_nowhere(tmp_path: Path) -> None:
    """A bucket that is not there is named at the end, and a folder that cannot be stops the start."""
    place = Workplace(tmp_path)
    (place.folder / "template.yaml").write_text(TEMPLATE % "gone")
    refused = place.run(sys.executable, "-m", "cloudfront_local", "serve", "--access-log", "template.yaml")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Access logs cannot be written to template.yaml: File exists. Name another folder with --access-log.\n",
    )
    process = place.start(sys.executable, "-m", "cloudfront_local", "serve")
    try:
        visited(place.await_ready(process).url)
    finally:
        place.end()
    assert place.output.count("The access log does not reach the bucket gone") == 1
    assert "Stopped. Nothing is left running." in place.output
