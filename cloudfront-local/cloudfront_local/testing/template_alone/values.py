"""The values of a template as a deployment would have them, with stand-ins for the values that only AWS knows."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cloudfront_local.aws.endpoint import ACCOUNT_ID
from cloudfront_local.errors import LocalError
from cloudfront_local.lint.expressions import PLACEHOLDER
from cloudfront_local.lint.template import Template

REGION = "us-east-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::NotificationARNs": [],
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/local/00000000",
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}
# Attributes of buckets, and of other resources.
BUCKET_FORMS = {
    "Name": "{name}",
    "Arn": "arn:aws:s3:::{name}",
    "DomainName": "{name}.s3.amazonaws.com",
    "RegionalDomainName": f"{{name}}.s3.{REGION}.amazonaws.com",
    "WebsiteURL": f"http://{{name}}.s3-website-{REGION}.amazonaws.com",
}
FORMS = {
    "ApiEndpoint": f"https://{{host}}.execute-api.{REGION}.amazonaws.com",
    "Arn": f"arn:aws:service::{ACCOUNT_ID}:{{name}}",
    "DNSName": "{host}.example.com",
    "DomainName": "{host}.example.com",
    "FunctionARN": f"arn:aws:cloudfront::{ACCOUNT_ID}:function/{{name}}",
    "FunctionMetadata.FunctionARN": f"arn:aws:cloudfront::{ACCOUNT_ID}:function/{{name}}",
    "FunctionUrl": f"https://{{host}}.lambda-url.{REGION}.on.aws/",
    "Id": "{name}",
}

# In the place of `AWS::NoValue`, and of the keys and items that have this value.
_NOTHING = object()


class Values:
    """Parameters have the values of samconfig.toml, else their defaults, else their names.

    Ref of a resource is its logical id, or what a distribution needs in its place. GetAtt has the forms above.
    """

    def __init__(self, template: Template) -> None:
        self._template = template

    def resources(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical id and properties of each resource of a type whose condition holds. Raises LocalError."""
        for name, resource in self._template.section("Resources").items():
            if isinstance(resource, dict) and resource.get("Type") == kind and self._is_there(resource):
                yield name, self.of(resource.get("Properties", {}))

    def of(self, plain: Any) -> Any:
        """The value of an expression. Raises LocalError for a function that has no value without AWS, and
        RecursionError for expressions that name each other in a circle."""
        match plain:
            case {"Ref": "AWS::NoValue"}:
                return _NOTHING
            case dict() if len(plain) == 1 and (name := str(next(iter(plain)))).startswith(("Ref", "Fn::")):
                return self._called(name, plain[name])
            case dict():
                found = {key: self.of(value) for key, value in plain.items()}
                return {key: value for key, value in found.items() if value is not _NOTHING}
            case list():
                return [value for each in plain if (value := self.of(each)) is not _NOTHING]
        return plain

    def _called(self, name: str, given: Any) -> Any:
        match name, given:
            case "Ref", str():
                return self._reference(given)
            case "Fn::GetAtt", [str(resource), str(attribute)]:
                return self._attribute(resource, attribute)
            case "Fn::GetAtt", str():
                return self._attribute(*given.split(".", 1))
            case "Fn::If", [str(condition), yes, no]:
                return self.of(yes if self._holds({"Condition": condition}) else no)
            case "Fn::Sub", str():
                return self._substituted(given, {})
            case "Fn::Sub", [str(text), dict(variables)]:
                return self._substituted(text, self.of(variables))
            case "Fn::FindInMap", [*keys]:
                return self._mapped([self.of(key) for key in keys])
        return _computed(name, self.of(given))

    def _reference(self, name: str) -> Any:
        if name in PSEUDO:
            return PSEUDO[name]
        if not self._template.has(name):
            value = self._template.deployment.default(name)
            return name if value is None else value
        resource = self._template.section("Resources")[name]
        match resource.get("Type"):
            case "AWS::Lambda::Version":
                return function_arn(str(self.of(resource["Properties"]["FunctionName"]))) + ":1"
            case "AWS::CloudFront::Function":
                return self._attribute(name, "FunctionARN")
            case "AWS::S3::Bucket":
                return self._attribute(name, "Name")
        return name

    def _attribute(self, name: str, attribute: str) -> str:
        """Hosts and ARNs have AWS's forms, because a distribution reads them. Other attributes have their names."""
        if bucket := self._template.resource(name, "AWS::S3::Bucket"):
            form = BUCKET_FORMS.get(attribute, f"{name}.{attribute}")
            return form.format(name=self.of(bucket.properties.plain.get("BucketName", name.lower())))
        if attribute == "Arn" and self._template.resource(name, "AWS::Lambda::Function"):
            return function_arn(name)
        return FORMS.get(attribute, f"{name}.{attribute}").format(name=name, host=name.lower())

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            name, _, attribute = found[1].partition(".")
            if found[1] in variables:
                return str(variables[found[1]])
            # A version of SAM is a resource with a dot in its name.
            is_reference = not attribute or self._template.has(found[1])
            return str(self._reference(found[1]) if is_reference else self._attribute(name, attribute))

        return PLACEHOLDER.sub(value, text).replace("${!", "${")

    def _mapped(self, keys: list[Any]) -> Any:
        found: Any = self._template.section("Mappings")
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                raise LocalError(f"Fn::FindInMap: the section Mappings has no {' / '.join(map(str, keys))}.")
            found = found[key]
        return found

    def _is_there(self, resource: Mapping[str, Any]) -> bool:
        return "Condition" not in resource or self._holds({"Condition": resource["Condition"]})

    def _holds(self, condition: Any) -> bool:
        match condition:
            case {"Condition": str(name)}:
                return self._holds(self._template.section("Conditions").get(name, False))
            case {"Fn::Not": [negated]}:
                return not self._holds(negated)
            case {"Fn::And": [*every]}:
                return all(self._holds(each) for each in every)
            case {"Fn::Or": [*some]}:
                return any(self._holds(each) for each in some)
            case {"Fn::Equals": [left, right]}:
                return _compared(self.of(left)) == _compared(self.of(right))
        return condition is True


def function_arn(name: str) -> str:
    """The ARN of the Lambda function of a logical id."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def _compared(value: Any) -> str:
    """CloudFormation compares texts."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _computed(name: str, given: Any) -> Any:
    """A function of values alone. Raises LocalError."""
    match name, given:
        case "Fn::Join", [str(delimiter), list(items)]:
            return delimiter.join(map(str, items))
        case "Fn::Split", [str(delimiter), str(text)]:
            return text.split(delimiter)
        case "Fn::Select", [index, list(items)] if str(index).isdigit() and int(index) < len(items):
            return items[int(index)]
        case "Fn::Base64", str():
            return base64.b64encode(given.encode()).decode()
        case "Fn::ImportValue", str():
            return given
    raise LocalError(
        f"The fixture `edge_distribution` reads the template alone, and {name} of {given} has no value there. Use the "
        "fixture `distribution`, or give the value by a parameter."
    )
