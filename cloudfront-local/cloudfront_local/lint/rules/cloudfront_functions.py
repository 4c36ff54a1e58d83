"""E9026 to E9029, W9005: CloudFront Functions that CloudFront refuses, does not run, or reads otherwise."""

from collections.abc import Iterator

from cloudfront_local.errors import LocalError
from cloudfront_local.functions.limits import CODE_BYTES
from cloudfront_local.functions.runtimes import JS_2, RUNTIMES
from cloudfront_local.lint.cloudfront_functions import Code, Judgement, associated, codes, functions, judgement
from cloudfront_local.lint.rule import GUIDE, EdgeRule, Finding
from cloudfront_local.lint.template import Template


class CodeRuns(EdgeRule):
    id = "E9026"
    shortdesc = "The runtime of CloudFront Functions can run the code"
    description = (
        "CloudFront deploys code without parsing it. Syntax and globals that its runtime does not have, such as "
        "for...of, classes, destructuring, `?.` and timers, are a 503 on every request."
    )
    source_url = GUIDE + "functions-javascript-runtime-20.html"
    advice = "Write what the runtime has, as the message says."

    def findings(self, template: Template) -> Iterator[Finding]:
        for code in codes(template):
            if refused := _judged(code).refused:
                yield Finding(code.value.path, f"CloudFront cannot run this code, and answers 503: {_joined(refused)}")


class CodeSize(EdgeRule):
    id = "E9027"
    shortdesc = "The code of a CloudFront Function has at most 10 KB"
    description = "CloudFront refuses longer code, comments included, with FunctionSizeLimitExceeded."
    source_url = GUIDE + "cloudfront-limits.html#limits-functions"
    advice = "Remove comments, or move data into a key value store."

    def findings(self, template: Template) -> Iterator[Finding]:
        for code in codes(template):
            size = len((code.text or "").encode(errors="replace"))
            if size > CODE_BYTES:
                yield Finding(
                    code.value.path,
                    f"The code of {code.function} has {size:,} bytes. CloudFront takes {CODE_BYTES:,}: {self.advice}",
                )


class KnownRuntime(EdgeRule):
    id = "E9028"
    shortdesc = "A CloudFront Function's runtime is one that CloudFront has"
    description = "CloudFront refuses a function with another runtime."
    source_url = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_FunctionConfig.html"
    advice = f"Set Runtime: {JS_2}."

    def findings(self, template: Template) -> Iterator[Finding]:
        for function in functions(template):
            for runtime in function.properties.walk("FunctionConfig", "Runtime"):
                if runtime.text is not None and runtime.text not in RUNTIMES:
                    yield Finding(
                        runtime.path,
                        f"{function.name} has the runtime {runtime.text}. CloudFront has {' and '.join(RUNTIMES)}: "
                        f"set Runtime: {JS_2}.",
                    )


class Published(EdgeRule):
    id = "E9029"
    shortdesc = "A CloudFront Function that a behavior runs is published"
    description = (
        "Without AutoPublish, a function stays in the stage DEVELOPMENT, and CloudFront refuses a distribution that "
        "runs it."
    )
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html"
        "#cfn-cloudfront-function-autopublish"
    )
    advice = "Set AutoPublish: true."

    def findings(self, template: Template) -> Iterator[Finding]:
        for association, function, properties in associated(template):
            settings = list(properties.get("AutoPublish"))
            paths = [setting.path for setting in settings if not setting.true and not setting.unknown]
            for path in paths if settings else [properties.path]:
                yield Finding(
                    path,
                    f"{function.name} runs at {association} and is not published: it stays in the stage DEVELOPMENT, "
                    "and CloudFront refuses the distribution. Set AutoPublish: true.",
                )


class ReadOtherwise(EdgeRule):
    id = "W9005"
    shortdesc = "The code of a CloudFront Function means the same to CloudFront's engine as to others"
    description = (
        "CloudFront's engine is njs in all likelihood: a string's length counts code points, and regular expressions "
        "are PCRE's. Code that depends on one of these behaves otherwise on CloudFront than in a browser or here."
    )
    source_url = "https://nginx.org/en/docs/njs/compatibility.html"
    advice = "Write it so that both read the same, as the message says."
    unverified = "AWS does not name its engine; its error messages are those of njs."

    def findings(self, template: Template) -> Iterator[Finding]:
        for code in codes(template):
            if warnings := _judged(code).warnings:
                yield Finding(code.value.path, _joined(warnings))


def _judged(code: Code) -> Judgement:
    """I9001 says which code cannot be judged, and why."""
    try:
        return judgement(code) or Judgement((), ())
    except LocalError:
        return Judgement((), ())


def _joined(sentences: tuple[str, ...]) -> str:
    """The sentences in one line, as cfn-lint prints a message."""
    return " ".join(f"{sentence.removesuffix('.')}." for sentence in sentences)
