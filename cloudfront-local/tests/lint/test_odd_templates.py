"""Templates that are not what the rules hope for: a rule may find nothing, but it does not break."""

from copy import deepcopy
from pathlib import Path

import pytest
from cfnlint.decode import decode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudfront_local.lint.findings import found_by
from cloudfront_local.lint.template import Template

HERE = Path(__file__).parent

NAMES = [
    "Function",
    "Version",
    "Alias",
    "Role",
    "Bucket",
    "Url",
    "Distribution",
    "Default",
    "List",
    "Preview",
    "Stable",
    "Nowhere",
]
TEXTS = [
    *NAMES,
    "",
    "*",
    "30",
    "AWS::NoValue",
    "AWS::Region",
    "Function.Version",
    "${Function}:${Version.Version}",
    "${",
    "${!Function}${}",
    "arn:aws:lambda:us-east-1:111122223333:function:Function:live",
    "{{resolve:ssm:/a}}",
    '{"Statement": [1]}',
    "del a['authorization'",
]
KEYS = [
    "Ref",
    "Fn::If",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::Join",
    "Statement",
    "Effect",
    "Action",
    "Resource",
    "Service",
    "Id",
    "Fn::ForEach::Loop",
    "Fn::Transform",
    "LambdaInvokePolicy",
    "AutoPublishAlias",
]


def functions(values):
    """CloudFormation's functions, well-formed and not."""
    pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(["Arn", "Version", "FunctionUrl", "Nothing"]))
    return st.one_of(
        st.builds(lambda name: {"Ref": name}, st.sampled_from(TEXTS)),
        st.builds(lambda pair: {"Fn::GetAtt": list(pair)}, pairs),
        st.builds(lambda pair: {"Fn::GetAtt": ".".join(pair)}, pairs),
        st.builds(
            lambda name, a, b: {"Fn::If": [name, a, b]},
            st.sampled_from(["Preview", "Stable", "Undefined"]),
            values,
            values,
        ),
        st.builds(lambda text, value: {"Fn::Sub": [text, {"Function": value}]}, st.sampled_from(TEXTS), values),
        st.builds(lambda items: {"Fn::Join": [":", items]}, st.lists(values, max_size=3)),
        st.builds(lambda key, value: {key: value}, st.sampled_from(KEYS), values),
    )


def nested(values):
    """Lists, functions and mappings of these values."""
    mappings = st.dictionaries(st.sampled_from(KEYS), values, max_size=3)
    return st.lists(values, max_size=3) | functions(values) | mappings


PLAIN = st.none() | st.booleans() | st.integers(-1, 99) | st.sampled_from([0.5, -1e300, *TEXTS])
ODD = PLAIN | nested(PLAIN | nested(PLAIN))


def places(plain, path=()):
    """Every path in a template."""
    yield path
    children = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def replaced(template, path, value):
    """The template with another value at a path, if the path is still there."""
    *way, last = path
    inside = template
    try:
        for key in way:
            inside = inside[key]
        inside[last] = value
    except (KeyError, IndexError, TypeError):
        pass
    return template


@pytest.fixture(scope="module")
def templates(examples):
    """Templates with something for every rule, and two with much of it at once, as CloudFormation and as SAM source."""
    large = [decode(str(HERE / name))[0] for name in ("odd.yaml", "odd-sam.yaml")]
    return [*large, *(template for (_, kind), template in examples.items() if kind == "bad")]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_rule_breaks(data, templates, rules):
    """Whatever stands wherever, every rule comes to an end."""
    template = data.draw(st.sampled_from(templates))
    odd = deepcopy(template)
    paths = [path for path in places(template) if len(path) > 1]
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=5)):
        odd = replaced(odd, path, data.draw(ODD))
    found_by(rules.values(), Template(odd))
