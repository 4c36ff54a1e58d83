"""`attach` and `detach`, on a distribution that is not the stack's."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

CACHING = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]


def behavior(origin: str, **more: Any) -> dict[str, Any]:
    return {"TargetOriginId": origin, "ViewerProtocolPolicy": "https-only", "CachePolicyId": CACHING, **more}


def origin(name: str, *headers: tuple[str, str]) -> dict[str, Any]:
    custom = [{"HeaderName": name, "HeaderValue": value} for name, value in headers]
    return {
        "Id": name,
        "DomainName": f"{name}.example.org",
        "CustomHeaders": {"Quantity": len(custom), "Items": custom},
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }


class Theirs:
    """A distribution with the behaviors `*` (origin site), `/api/*` and `/v2/*` (origin api)."""

    def __init__(self, cloudfront: Any, reference: str) -> None:
        self._cloudfront = cloudfront
        behaviors = [behavior("api", PathPattern=pattern) for pattern in ("/api/*", "/v2/*")]
        config = {
            "CallerReference": reference,
            "Comment": "theirs",
            "Enabled": True,
            "Origins": {"Quantity": 2, "Items": [origin("site"), origin("api", ("x-tenant", "ada"))]},
            "DefaultCacheBehavior": behavior("site"),
            "CacheBehaviors": {"Quantity": 2, "Items": behaviors},
        }
        self.id = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]

    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = self._cloudfront.get_distribution_config(Id=self.id)["DistributionConfig"]
        return config

    def change(self, edit: Callable[[dict[str, Any]], Any]) -> None:
        """Somebody changes the configuration."""
        found = self._cloudfront.get_distribution_config(Id=self.id)
        edit(found["DistributionConfig"])
        self._cloudfront.update_distribution(
            Id=self.id, IfMatch=found["ETag"], DistributionConfig=found["DistributionConfig"]
        )

    def functions(self) -> dict[str, list[tuple[str, str, bool]]]:
        """By path pattern: event type, ARN, whether the body is included."""
        config = self.config()
        return {
            each.get("PathPattern", "*"): [
                (item["EventType"], item["LambdaFunctionARN"], item["IncludeBody"])
                for item in each.get("LambdaFunctionAssociations", {}).get("Items", [])
            ]
            for each in [config["DefaultCacheBehavior"], *config["CacheBehaviors"]["Items"]]
        }

    def headers(self) -> dict[str, str]:
        """The custom headers of the origin `api`."""
        (found,) = (each for each in self.config()["Origins"]["Items"] if each["Id"] == "api")
        return {item["HeaderName"]: item["HeaderValue"] for item in found["CustomHeaders"].get("Items", [])}


@pytest.fixture
def theirs(aws) -> Theirs:
    return Theirs(aws.cloudfront, aws.name)


@pytest.fixture
def attach(stack, theirs):
    def attach(function="AuthorizerFunction", path="/*", *more, command="attach", **options):
        arguments = ("--distribution", theirs.id, "--path", path, "--function", function)
        return stack(command, *arguments, *(more or ("--yes",)), **options)

    return attach


@pytest.fixture
def detach(attach):
    return lambda *arguments, **options: attach(*arguments, command="detach", **options)


@pytest.fixture
def refused(attach, theirs):
    """Runs `attach`, which is refused and changes nothing. Returns the message."""

    def refused(*arguments, **options):
        before = theirs.config()
        result = attach(*arguments, **options)
        assert (result.status, result.stdout, theirs.config()) == (1, "", before)
        return result.stderr

    return refused


@pytest.fixture
def configure(aws):
    """Changes the authorizer, and publishes a version, which becomes the stack's output."""

    def configure(**properties: Any) -> str:
        template = json.loads(json.dumps(aws.cloudformation.get_template(StackName=aws.name)["TemplateBody"]))
        template["Resources"]["AuthorizerFunction"]["Properties"] |= properties
        template["Resources"]["AuthorizerVersion2"] = template["Resources"]["AuthorizerVersion"]
        template["Outputs"]["AuthorizerFunctionVersion"] = {"Value": {"Ref": "AuthorizerVersion2"}}
        aws.cloudformation.update_stack(
            StackName=aws.name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
        aws.cloudformation.get_waiter("stack_update_complete").wait(StackName=aws.name, WaiterConfig={"Delay": 0})
        (found,) = aws.cloudformation.describe_stacks(StackName=aws.name)["Stacks"]
        (arn,) = (each["OutputValue"] for each in found["Outputs"] if each["OutputKey"] == "AuthorizerFunctionVersion")
        return str(arn)

    return configure


def test_attach(attach, aws, theirs):
    """A viewer function runs at the default behavior, for which `/*` is another name. Nothing else changes."""
    before, arn = theirs.config(), aws.outputs["AuthorizerFunctionVersion"]
    assert attach() == (
        0,
        "",
        f"The configuration of {theirs.id} changes:\n"
        f"+ behavior *, viewer-request: {arn}\n"
        f"CloudFront is deploying {theirs.id} ...\n"
        f"All edge locations have this configuration of {theirs.id}.\n",
    )
    assert theirs.functions() == {"*": [("viewer-request", arn, False)], "/api/*": [], "/v2/*": []}
    after = theirs.config()
    del after["DefaultCacheBehavior"]["LambdaFunctionAssociations"]
    before["DefaultCacheBehavior"].pop("LambdaFunctionAssociations", None)
    assert after == before


def test_settings(attach, aws, theirs):
    """A function at the origin gets the body, if it needs it, and its settings beside the origin's other headers."""
    arn = aws.outputs["SignerFunctionVersion"]
    status, _, stderr = attach("SignerFunction", "api/*")
    assert (status, stderr.splitlines()[1:4]) == (
        0,
        [
            f"+ behavior /api/*, origin-request: {arn}, with the body",
            "+ origin api, custom header x-signer-service: lambda",
            "+ origin api, custom header x-signer-strip-prefix: /api",
        ],
    )
    assert theirs.functions()["/api/*"] == [("origin-request", arn, True)]
    assert theirs.headers() == {"x-tenant": "ada", "x-signer-service": "lambda", "x-signer-strip-prefix": "/api"}


def test_header(attach, theirs):
    """--header replaces, adds and leaves out settings."""
    options = ("--header", "x-signer-service=", "--header", "X-Signer-Region=eu-west-1")
    assert attach("SignerFunction", "/api/*", "--yes", *options).status == 0
    assert theirs.headers() == {"x-tenant": "ada", "x-signer-region": "eu-west-1", "x-signer-strip-prefix": "/api"}


def test_origin_group(attach, theirs):
    """Behind an origin group, each of its origins gets the settings."""
    members = [{"OriginId": "site"}, {"OriginId": "api"}]
    group = {
        "Id": "both",
        "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [502]}},
        "Members": {"Quantity": 2, "Items": members},
    }

    def edit(config):
        config["OriginGroups"] = {"Quantity": 1, "Items": [group]}
        config["DefaultCacheBehavior"]["TargetOriginId"] = "both"

    theirs.change(edit)
    assert attach("SignerFunction", "*").status == 0
    named = [item["CustomHeaders"]["Items"][-1]["HeaderName"] for item in theirs.config()["Origins"]["Items"]]
    assert named == ["x-signer-service", "x-signer-service"]


def test_detach(attach, detach, theirs):
    """`detach` leaves the configuration as it was before."""
    before = theirs.config()
    attach("SignerFunction", "/api/*", "--yes", "--header", "x-signer-region=eu-west-1")
    attach("AuthorizerFunction", "/api/*")
    assert theirs.config() != before
    assert detach("SignerFunction", "/api/*").status == 0
    assert theirs.headers() == {"x-tenant": "ada"}
    status, _, stderr = detach("AuthorizerFunction", "/api/*")
    assert (status, [line[0] for line in stderr.splitlines()[1:2]]) == (0, ["-"])
    assert normal(theirs.config()) == normal(before)


def normal(config: Any) -> Any:
    """A configuration in which lists without items are left out."""
    if isinstance(config, dict):
        parts = {key: normal(value) for key, value in config.items()}
        return {key: value for key, value in parts.items() if value not in ({"Quantity": 0}, [], {})}
    return [normal(item) for item in config] if isinstance(config, list) else config


def test_settings_of_two_behaviors(attach, detach, theirs):
    """Settings stay for as long as another behavior needs them at the origin."""
    for path in ("/api/*", "/v2/*"):
        assert attach("SignerFunction", path).status == 0
    assert detach("SignerFunction", "/api/*").status == 0
    assert "x-signer-strip-prefix" in theirs.headers()
    assert detach("SignerFunction", "/v2/*").status == 0
    assert theirs.headers() == {"x-tenant": "ada"}


def test_new_version(attach, configure, aws, theirs):
    """`attach` again moves the behavior to the stack's new version."""
    attach()
    old, new = aws.outputs["AuthorizerFunctionVersion"], configure(Timeout=4)
    assert new != old
    assert attach().stderr.splitlines()[1:3] == [
        f"- behavior *, viewer-request: {old}",
        f"+ behavior *, viewer-request: {new}",
    ]
    assert theirs.functions()["*"] == [("viewer-request", new, False)]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/*", "No function runs there"),
        ("/api/*", "There runs: {signer} (origin-request)"),
        ("/v2/*", "There run: {signer} (origin-request), {gate} (origin-response), {rewrite} (viewer-request)"),
    ],
)
def test_detach_from_another_behavior(refused, attach, aws, theirs, path, there):
    """A function that does not run at the behavior: the message says what does, and where the function is."""
    signer, gate, rewrite = (
        aws.outputs["SignerFunctionVersion"],
        aws.outputs["GateFunctionVersion"],
        aws.physical_ids["BlogRewrite"],
    )
    for pattern in ("/api/*", "/v2/*"):
        attach("SignerFunction", pattern)

    def edit(config: dict[str, Any]) -> None:
        there = config["CacheBehaviors"]["Items"][1]
        there["LambdaFunctionAssociations"]["Quantity"] = 2
        there["LambdaFunctionAssociations"]["Items"].append(
            {"EventType": "origin-response", "LambdaFunctionARN": gate, "IncludeBody": False}
        )
        there["FunctionAssociations"] = {
            "Quantity": 1,
            "Items": [{"EventType": "viewer-request", "FunctionARN": rewrite}],
        }

    theirs.change(edit)
    assert refused("AuthorizerFunction", path, command="detach") == (
        f"AuthorizerFunction does not run at the behavior {path}, so nothing was changed. "
        f"{there.format(signer=signer, gate=gate, rewrite=rewrite)}.\n"
    )


def test_detach_says_where_the_function_runs(refused, attach):
    """A function that runs at other behaviors of the distribution: which."""
    for path in ("/api/*", "/v2/*"):
        attach("SignerFunction", path)
    assert refused("SignerFunction", "*", command="detach") == (
        "SignerFunction does not run at the behavior *, so nothing was changed. No function runs there. SignerFunction "
        "runs at: /api/*, /v2/*.\n"
    )


def test_nothing_to_change(attach, theirs, proxy):
    """A configuration that is so already is not updated."""
    attach()
    updates = []
    proxy.instead.append(lambda request: updates.append(request) if request.method == "PUT" else None)
    status, _, stderr = attach()
    assert (status, stderr.splitlines()[0]) == (
        0,
        f"The configuration of {theirs.id} is that already: nothing to change.",
    )
    assert updates == []


def test_confirmed(attach, theirs):
    """The distribution's id confirms the change."""
    assert attach("AuthorizerFunction", "*", "--header=x-authorizer-a=", stdin=f"{theirs.id}\n").status == 0
    assert theirs.functions()["*"]


@pytest.mark.parametrize("answer", ["yes\n", "\n", ""])
def test_not_confirmed(refused, answer):
    """Any other answer changes nothing."""
    assert refused("AuthorizerFunction", "*", "--header=x-authorizer-a=", stdin=answer).endswith(
        "That is not the distribution's id. Nothing was changed. To skip this question, add --yes.\n"
    )


def test_unknown_distribution(stack):
    """A distribution that is not there."""
    arguments = ("--distribution", "E2QWRUHAPOMQZL", "--path", "*", "--function", "AuthorizerFunction")
    assert stack("attach", *arguments).stderr == (
        "There is no distribution E2QWRUHAPOMQZL in this account. `aws cloudfront list-distributions` has the ids; "
        "check AWS_PROFILE, too.\n"
    )


def test_own_distribution(stack, aws):
    """The stack's own distribution is the template's to change."""
    arguments = ("--distribution", aws.distribution, "--path", "*", "--function", "AuthorizerFunction")
    assert stack("attach", *arguments) == (
        1,
        "",
        f"{aws.distribution} belongs to the stack {aws.name}. Its functions are in template.yaml: change them there, "
        "because the next deployment undoes other changes.\n",
    )


def test_unknown_function(refused):
    """A function without outputs."""
    assert refused("GeoFunction") == (
        "The stack has no outputs GeoFunctionVersion and GeoFunctionAssociation. Functions with an output for their "
        "version: AuthorizerFunction, GateFunction, SignerFunction. docs/attach.md has the outputs to add for another "
        "one.\n"
    )


@pytest.mark.parametrize("more", ["--yes", "--header=x-gate-a=b"])
def test_function_of_the_own_distribution(refused, more):
    """A function that works on the stack's own distribution alone, by its output: before the plan is shown."""
    assert refused("GateFunction", "/*", more) == (
        "GateFunction cannot be attached. It sends browsers back to the stack's own distribution. Add a behavior "
        "there.\n"
    )


def test_detach_function_of_the_own_distribution(detach, aws, theirs):
    """`detach` takes it off a distribution that runs it all the same."""
    association = {
        "EventType": "viewer-request",
        "LambdaFunctionARN": aws.outputs["GateFunctionVersion"],
        "IncludeBody": False,
    }
    theirs.change(
        lambda config: config["DefaultCacheBehavior"].update(
            LambdaFunctionAssociations={"Quantity": 1, "Items": [association]}
        )
    )
    assert detach("GateFunction").status == 0
    assert theirs.functions()["*"] == []


def test_function_of_cloudfront_functions(refused, aws):
    """A CloudFront Function of the stack, which has no version."""
    arn = aws.physical_ids["BlogRewrite"]
    assert refused("BlogRewrite") == (
        "BlogRewrite is a CloudFront Function, and `attach` and `detach` are for functions of Lambda@Edge. Associate "
        f"{arn} with the behavior in CloudFront's console, or in the template of the distribution.\n"
    )


def test_unknown_path(refused):
    """A path pattern that no behavior has."""
    assert refused("AuthorizerFunction", "/img/*") == (
        "No behavior has the path pattern /img/*. There are: /api/*, /v2/*, *.\n"
    )


def test_setting_of_another(refused):
    """--header is for the function's settings."""
    assert refused("SignerFunction", "/api/*", "--yes", "--header", "x-tenant=eve") == (
        "x-tenant is no setting of SignerFunction: their names begin with x-signer-.\n"
    )


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("x-signer-mode=a\nx-tenant: eve", "x-signer-mode has the control character '\\n'"),
        ("x-signer-mode=a\x7f", "x-signer-mode has the control character '\\x7f'"),
        ("x-signer-a b=c", "'x-signer-a b' is no header's name"),
        ("x-signer-a\n=c", "'x-signer-a\\n' is no header's name"),
        ("x-signer-ä=c", "'x-signer-ä' is no header's name"),
    ],
)
def test_malformed_setting(refused, header, said):
    """A setting that is no header, such as a value with a line break."""
    assert refused("SignerFunction", "/api/*", "--yes", "--header", header).startswith(said)


def test_setting_given_twice(refused):
    """A setting that is named twice, in whatever case: which one is meant?"""
    twice = ("--header", "x-signer-mode=a", "--header", "X-Signer-Mode=b")
    assert refused("SignerFunction", "/api/*", "--yes", *twice) == (
        "--header names x-signer-mode twice. Give each name once. Nothing was changed.\n"
    )


@pytest.mark.parametrize("command", ["attach", "detach"])
@pytest.mark.parametrize("given", ["../x", "e2qwruhapomqzl", "", "E2QWR/UHAP", "d111111abcdef8.cloudfront.net"])
def test_no_distribution_id(stack, proxy, capsys, command, given):
    """Text that is no distribution's id: AWS is not asked."""
    asked: list[str] = []
    proxy.instead.append(lambda request: asked.append(request.path))
    with pytest.raises(SystemExit) as ended:
        stack(command, "--distribution", given, "--path", "*", "--function", "SignerFunction")
    assert ended.value.code == 2
    assert (
        f"argument --distribution: {given!r} is no distribution's id, such as E2QWRUHAPOMQZL" in capsys.readouterr().err
    )
    assert asked == []


def test_settings_there(refused, theirs):
    """Settings that somebody else has given the origin are not replaced."""
    added = {"HeaderName": "X-Signer-Mode", "HeaderValue": "sign"}
    theirs.change(lambda config: config["Origins"]["Items"][1].update(CustomHeaders={"Quantity": 1, "Items": [added]}))
    assert refused("SignerFunction", "/api/*") == (
        "The origin api already has the custom header X-Signer-Mode, a setting of SignerFunction, which does not run "
        "there. Remove the header: this command would replace it.\n"
    )


REFUSED = "Nothing was changed, because CloudFront refuses the change:\n  "


def test_function_there(refused, aws, theirs):
    """Another function at the event."""
    other = {"EventType": "viewer-request", "LambdaFunctionARN": aws.outputs["SignerFunctionVersion"]}
    theirs.change(
        lambda config: config["DefaultCacheBehavior"].update(
            LambdaFunctionAssociations={"Quantity": 1, "Items": [{**other, "IncludeBody": False}]}
        )
    )
    assert refused() == (
        f"{REFUSED}viewer-request of {theirs.id}'s DefaultCacheBehavior already runs {other['LambdaFunctionARN']}. "
        "CloudFront takes one function per event type and behavior: put both steps into one function.\n"
    )


def test_cloudfront_function(refused, aws, theirs):
    """A CloudFront Function at the viewer's events."""
    arn = aws.physical_ids["BlogRewrite"]
    theirs.change(
        lambda config: config["DefaultCacheBehavior"].update(
            FunctionAssociations={"Quantity": 1, "Items": [{"EventType": "viewer-response", "FunctionARN": arn}]}
        )
    )
    assert refused() == (
        f"{REFUSED}The CloudFront Function {arn} at viewer-response of {theirs.id}'s DefaultCacheBehavior stands "
        "beside Lambda@Edge at viewer-request. CloudFront takes one of the two for all viewer events of a behavior: "
        "write both as Lambda@Edge functions, or both as CloudFront Functions.\n"
    )


def test_region(stack, aws, theirs):
    """A stack in another Region than us-east-1."""
    template = json.loads(json.dumps(aws.cloudformation.get_template(StackName=aws.name)["TemplateBody"]))
    del template["Resources"]["Distribution"], template["Outputs"]["Url"]
    cloudformation = aws.client("cloudformation", "eu-west-1")
    cloudformation.create_stack(StackName="far", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName="far", WaiterConfig={"Delay": 0})
    arguments = ("--distribution", theirs.id, "--path", "*", "--function", "AuthorizerFunction", "--yes")
    status, _, stderr = stack("--region", "eu-west-1", "--stack-name", "far", "attach", *arguments)
    assert (status, theirs.functions()["*"]) == (1, [])
    assert stderr.startswith(
        f"{REFUSED}LambdaFunctionARN at viewer-request of {theirs.id}'s DefaultCacheBehavior is a function in "
        "eu-west-1. CloudFront takes the ARN of a numbered version in us-east-1 only"
    )


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"Environment": {"Variables": {"TABLE": "users"}}}, "has environment variables (TABLE)"),
        ({"Architectures": ["arm64"]}, "is for arm64"),
        ({"Timeout": 31}, "has a timeout of 31 s"),
        ({"EphemeralStorage": {"Size": 1024}}, "has 1024 MB of ephemeral storage"),
        ({"TracingConfig": {"Mode": "Active"}}, "is traced by X-Ray"),
        ({"Runtime": "ruby3.4"}, "runs on ruby3.4"),
    ],
)
def test_unsupported_settings(refused, configure, theirs, properties, said):
    """Settings of Lambda that Lambda@Edge refuses."""
    configure(**properties)
    assert refused().startswith(
        f"{REFUSED}AuthorizerFunction (at viewer-request of {theirs.id}'s DefaultCacheBehavior) {said}"
    )


def test_provisioned_concurrency(refused, aws):
    """Provisioned concurrency, which is the version's own."""
    function, _, version = aws.outputs["AuthorizerFunctionVersion"].rpartition(":")
    aws.client("lambda").put_provisioned_concurrency_config(
        FunctionName=function, Qualifier=version, ProvisionedConcurrentExecutions=1
    )
    assert "has provisioned concurrency" in refused()


def test_runtime_management(refused, proxy):
    """Runtime management, which ministack does not have."""
    answer = (200, {"Content-Type": "application/json"}, b'{"UpdateRuntimeOn": "FunctionUpdate"}')
    proxy.instead.append(lambda request: answer if "/runtime-management-config" in request.path else None)
    assert "has its runtime updated on FunctionUpdate" in refused()


def test_untrusting_role(refused, aws):
    """A role that one of the two services may not assume."""
    trust = {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "edgelambda.amazonaws.com"}}
        ]
    }
    aws.client("iam").update_assume_role_policy(RoleName=aws.physical_ids["Role"], PolicyDocument=json.dumps(trust))
    assert f"has the role {aws.physical_ids['Role']}, which does not trust lambda.amazonaws.com." in refused()


def test_deleted_role(refused, aws):
    """A role that is gone."""
    aws.client("iam").delete_role(RoleName=aws.physical_ids["Role"])
    assert refused().startswith(
        f"AuthorizerFunction has the role {aws.physical_ids['Role']}, which is deleted, so CloudFront cannot assume it."
    )


def test_deleted_version(refused, aws):
    """A version that is gone."""
    arn = aws.outputs["AuthorizerFunctionVersion"]
    function, _, version = arn.rpartition(":")
    aws.client("lambda").delete_function(FunctionName=function, Qualifier=version)
    assert refused() == (
        f"There is no version {arn} of AuthorizerFunction any more. Publish one: `sam build && sam deploy`.\n"
    )


def test_changed_meanwhile(attach, theirs, proxy):
    """Somebody changes the distribution between the plan and the update: theirs stands, ours is not made."""

    def change(request):
        if request.method == "PUT":
            proxy.instead.clear()
            theirs.change(lambda config: config.update(Comment="changed"))

    proxy.instead.append(change)
    status, _, stderr = attach()
    assert (status, stderr.splitlines()[-1]) == (
        1,
        f"Somebody has changed {theirs.id} in the meantime, so this change was not made. Run the command again: it "
        "shows the change to the new configuration.",
    )
    assert (theirs.config()["Comment"], theirs.functions()["*"]) == ("changed", [])
    assert attach().status == 0
    assert theirs.config()["Comment"] == "changed"


def refusal(code: str) -> bytes:
    return (
        f'<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Code>{code}</Code>'
        "<Message>Not now</Message></Error></ErrorResponse>"
    ).encode()


def test_failed_update(refused, proxy):
    """CloudFront fails in the middle of the update: the distribution is as before, and the message is AWS's."""
    answer = (400, {"Content-Type": "text/xml"}, refusal("InvalidLambdaFunctionAssociation"))
    proxy.instead.append(lambda request: answer if request.method == "PUT" else None)
    assert refused().splitlines()[-1].endswith("UpdateDistribution: Not now.")


def test_lost_answer(attach, theirs, proxy):
    """An update that was made and whose answer was lost is no failure, though its repetition is refused."""
    lost = []

    def lose(request):
        if request.method == "PUT" and not lost:
            lost.append(request)
            proxy._forward(request)
            return 500, {"Content-Type": "text/xml"}, refusal("InternalError")
        return None

    proxy.instead.append(lose)
    assert attach().status == 0
    assert (len(lost), len(theirs.functions()["*"])) == (1, 1)


def test_progress(attach, theirs, proxy):
    """The command waits until the change is at all edge locations."""
    looks = []

    def deploying(request, text):
        if request.method == "GET" and request.path.endswith(f"/distribution/{theirs.id}"):
            looks.append(request)
            if len(looks) in (2, 3):
                return re.sub("<Status>Deployed</Status>", "<Status>InProgress</Status>", text)
        return text

    proxy.after.append(deploying)
    assert attach().stderr.splitlines()[2:] == [
        f"CloudFront is deploying {theirs.id} ...",
        f"CloudFront is deploying the change to the edge locations of {theirs.id}, which takes 5 to 15 minutes ...",
        f"All edge locations have this configuration of {theirs.id}.",
    ]
    assert len(looks) == 4
