import json

import pytest

SIGN_IN = "Sign in (`aws configure`, `aws sso login`) or set AWS_PROFILE; for the stack of `make local`, use --local.\n"


@pytest.fixture(autouse=True)
def pages(aws, tmp_path) -> None:  # noqa: ARG001 - the shell's folder
    """A folder without pages, so that `site` uploads nothing to the stack that it finds."""
    (tmp_path / "site").mkdir()


def bucket_of(cloudformation, name: str) -> str:
    """The name of a stack's bucket for pages."""
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    return next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == "SiteBucketName")


def test_other_stack(stack, aws, template):
    """--stack-name and --region override samconfig.toml."""
    cloudformation = aws.client("cloudformation", "eu-west-1")
    cloudformation.create_stack(StackName="second", TemplateBody=template)
    bucket = bucket_of(cloudformation, "second")
    elsewhere = ("--stack-name", "second", "--region", "eu-west-1")
    assert stack(*elsewhere, "site") == (0, "", f"The pages of second are in the bucket {bucket}.\n")
    assert stack("site") == (0, "", f"The pages of shop are in the bucket {aws.bucket}.\n")
    cloudformation.delete_stack(StackName="second")


def test_environment(stack, aws, template, tmp_path):
    """--config-env names an environment of samconfig.toml, as with sam."""
    settings = (tmp_path / "samconfig.toml").read_text()
    settings += '[prod.global.parameters]\nregion = "eu-west-1"\n[prod.deploy.parameters]\nstack_name = "shop-prod"\n'
    (tmp_path / "samconfig.toml").write_text(settings)
    cloudformation = aws.client("cloudformation", "eu-west-1")
    cloudformation.create_stack(StackName="shop-prod", TemplateBody=template)
    bucket = bucket_of(cloudformation, "shop-prod")
    assert stack("--config-env", "prod", "site") == (0, "", f"The pages of shop-prod are in the bucket {bucket}.\n")
    assert stack("--config-env", "test", "site") == (
        1,
        "",
        "samconfig.toml has no environment test. Its environments: default, prod.\n",
    )
    cloudformation.delete_stack(StackName="shop-prod")


def test_no_such_stack(stack):
    """For a missing stack, the message says how to deploy one."""
    assert stack("--stack-name", "none", "site") == (
        1,
        "",
        "There is no stack none in us-east-1. Deploy it with `sam build && sam deploy`, name another stack with "
        "--stack-name and --region, or use --local for the stack of `make local`.\n",
    )


def test_no_name(stack, tmp_path):
    """Without a name, the message says how to give one."""
    (tmp_path / "samconfig.toml").unlink()
    assert stack("site") == (
        1,
        "",
        "samconfig.toml in this folder names no stack. Name the stack with --stack-name.\n",
    )


def test_samconfig_is_not_toml(stack, tmp_path):
    """For a malformed samconfig.toml, the message names the place."""
    (tmp_path / "samconfig.toml").write_text("stack_name = shop")
    result = stack("site")
    assert result.stderr.startswith("samconfig.toml is not TOML: ")
    assert result.stderr.endswith("Correct it, or give --stack-name.\n")


def test_no_such_output(stack, aws):
    """A stack without the output is refused."""
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="other", TemplateBody=json.dumps(template))
    assert stack("--stack-name", "other", "site") == (
        1,
        "",
        "The stack other has no output SiteBucketName. Deploy this repository's template.yaml first.\n",
    )


def test_no_credentials(stack, monkeypatch):
    """Without credentials, the message says how to sign in."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert stack("site") == (1, "", f"Unable to locate credentials. {SIGN_IN}")


def test_partial_credentials(stack, monkeypatch):
    """Every cause is a sentence, with a period before the advice."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert stack("site") == (
        1,
        "",
        f"Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY. {SIGN_IN}",
    )


def test_no_such_profile(stack, monkeypatch):
    """The message names a missing profile."""
    monkeypatch.setenv("AWS_PROFILE", "none")
    assert stack("site") == (1, "", f"The config profile (none) could not be found. {SIGN_IN}")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "AccessDenied",
            "You have no permission for this on the stack shop (DescribeStacks: Not for you). Ask for the permission, "
            "or sign in with a role that has it.\n",
        ),
        ("ExpiredToken", f"Your credentials have expired (DescribeStacks: Not for you). {SIGN_IN}"),
        ("InvalidClientTokenId", f"AWS does not accept these credentials (DescribeStacks: Not for you). {SIGN_IN}"),
        ("InsufficientCapabilities", "AWS refused an operation for the stack shop: DescribeStacks: Not for you.\n"),
    ],
)
def test_refused(stack, misbehaving_server, monkeypatch, code, expected):
    """An error of AWS is one line with the operation, AWS's message and the next step."""
    misbehaving_server.reply(
        400, f"<ErrorResponse><Error><Code>{code}</Code><Message>Not\nfor you.</Message></Error></ErrorResponse>"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", misbehaving_server.url)
    assert stack("site") == (1, "", expected)


def test_unreachable(stack, refused_port, monkeypatch):
    """If AWS cannot be reached, the error is one line."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{refused_port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert stack("site") == (
        1,
        "",
        f"AWS cannot be reached for the stack shop: Could not connect to the endpoint URL: "
        f'"http://127.0.0.1:{refused_port}/"\n',
    )


def test_local(stack, moto_url, runs_here, monkeypatch):
    """--local uses the stack that `make local` describes, with its own credentials."""
    monkeypatch.setenv("AWS_PROFILE", "none")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1")
    runs_here(moto_url, "here")
    result = stack("--local", "site")
    assert result.stderr.startswith("There is no stack here in us-east-1.")  # moto has another account for these keys


def test_nothing_runs_here(stack, tmp_path):
    """Without a description, or if its process has ended, the message says how to start the stack."""
    nothing = (1, "", "No stack runs on this machine from this folder. Start it with `make local`.\n")
    assert stack("--local", "site") == nothing
    left_behind = tmp_path / ".aws-sam" / "local" / "running.json"
    left_behind.parent.mkdir(parents=True)
    left_behind.write_text("{}")
    assert stack("--local", "site") == nothing


def test_local_and_name(stack):
    """--local and a name contradict each other."""
    assert stack("--local", "--stack-name", "shop", "site") == (
        1,
        "",
        "--local already names the stack. Leave out --config-env, --stack-name and --region.\n",
    )
