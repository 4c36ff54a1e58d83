import json
import re


def test_new_stack(stack, aws):
    """For a new stack, the command prints each behavior's functions, and the next steps. /api/ itself has no answer."""
    url = aws.outputs["Url"]
    status, stdout, stderr = stack("urls")
    lines = [f"{url}/  AuthorizerFunction", f"{'/api/*':{len(url) + 1}}  AuthorizerFunction, SignerFunction"]
    assert (status, stdout.splitlines()) == (0, lines)
    assert stderr.startswith("The stack has no pages yet. Upload those under site/: python -m stack site\n")


def test_no_functions(stack, aws, proxy):
    """For a behavior without functions, only its URL is printed."""
    proxy.after.append(lambda _, body: re.sub("<LambdaFunctionAssociations>.*?</LambdaFunctionAssociations>", "", body))
    url = aws.outputs["Url"]
    assert stack("urls").stdout == f"{url}/\n/api/*\n"


def test_pages(stack, aws):
    """A behavior's URL is that of a page, if the bucket has one there, or of another file."""
    for key in ("api/a.css", "api/index.html"):
        aws.client("s3").put_object(Bucket=aws.outputs["SiteBucketName"], Key=key, Body=b"")
    assert f"{aws.outputs['Url']}/api/index.html  AuthorizerFunction, SignerFunction\n" in stack("urls").stdout


def test_signed_urls(stack, proxy, aws):
    """Where CloudFront asks for a signature, the URL alone would answer 403: the path pattern is printed."""
    aws.client("s3").put_object(Bucket=aws.outputs["SiteBucketName"], Key="api/index.html", Body=b"")
    signed = "<PathPattern>/api/*</PathPattern><TrustedKeyGroups><Enabled>true</Enabled></TrustedKeyGroups>"
    proxy.after.append(lambda _, body: re.sub("<TrustedKeyGroups>.*?</TrustedKeyGroups>", "", body))
    proxy.after.append(lambda _, body: body.replace("<PathPattern>/api/*</PathPattern>", signed))
    assert stack("urls").stdout.splitlines()[1].startswith("/api/* ")


def test_ready(stack, aws):
    """With pages, there is no step about pages."""
    aws.client("s3").put_object(Bucket=aws.outputs["SiteBucketName"], Key="index.html", Body=b"")
    assert "pages" not in stack("urls").stderr


def test_commands_name_the_stack(stack, aws):
    """The suggested commands name the stack like this command did."""
    named = f"--stack-name {aws.name} --region us-east-1"
    assert f": python -m stack {named} site\n" in stack(*named.split(), "urls").stderr


def test_change_under_way(stack, proxy):
    """While CloudFront deploys a change, a line says so."""
    proxy.after.append(lambda _, body: re.sub("<Status>Deployed<", "<Status>InProgress<", body))
    assert stack("urls").stderr.startswith(
        "CloudFront is still deploying the last change to its edge locations. This takes up to 15 minutes.\n"
    )


def test_local(stack, aws, endpoint, runs_here):
    """On this machine, the URL is the local CloudFront's."""
    runs_here(endpoint.url, aws.name, aws.distribution)
    status, stdout, stderr = stack("--local", "urls")
    assert (status, stdout.splitlines()[0]) == (0, "http://127.0.0.1:8080/  AuthorizerFunction")
    assert "Upload those under site/: python -m stack --local site\n" in stderr
    assert stack("--local", "logs").stderr == (
        "`logs` is for stacks on AWS. `make local` prints the logs of its functions in its terminal.\n"
    )
    assert stack("--local", "destroy", "--yes").stderr == (
        "`destroy` is for stacks on AWS. To end the stack of `make local`, press Ctrl-C in its terminal: nothing "
        "of it remains.\n"
    )


def test_other_stack(stack, aws):
    """A stack without the output Url is refused."""
    topic = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    aws.cloudformation.create_stack(StackName="other", TemplateBody=json.dumps(topic))
    assert stack("--stack-name", "other", "urls") == (
        1,
        "",
        "The stack other has no output Url. Deploy this repository's template.yaml first.\n",
    )
