"""Path patterns, and the behaviors that let viewers past an authorizer."""

import pytest

from cloudfront_local.lint.path_patterns import covers

TEMPLATE = """
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - {{ Id: site, DomainName: www.example.org, CustomOriginConfig: {{ OriginProtocolPolicy: https-only }} }}
          - {{ Id: other, DomainName: {domain}, CustomOriginConfig: {{ OriginProtocolPolicy: https-only }} }}
        DefaultCacheBehavior:
          TargetOriginId: site
          FunctionAssociations: [{{ EventType: {event}, FunctionARN: !GetAtt {function}.FunctionARN }}]
        CacheBehaviors:
          - {{ PathPattern: {pattern}, TargetOriginId: other, {more} }}
        CustomErrorResponses:
          - {{ ErrorCode: {code}, ResponseCode: 200, ResponsePagePath: {page} }}
"""


@pytest.mark.parametrize(
    ("pattern", "other", "does"),
    [
        ("*", "/a", True),
        ("/a/*", "a/b/*", True),
        ("/a/*", "/a/*", True),
        ("a*", "/a", True),
        ("/a?", "/ab", True),
        ("/a?", "/a?", True),
        ("/a*c", "/abc*", False),
        ("/a?", "/a*", False),
        ("/a/*", "/A/b", False),
        ("/a.c", "/abc", False),
        ("/a/b/*", "/a/*", False),
        ("*.jpg", "/img/*.jpg", True),
        ("*.jpg", "/img/*", False),
        ("/*/x", "/a/b/x", True),
    ],
)
def test_covers(pattern, other, does):
    """A pattern covers what it surely matches."""
    assert covers(pattern, other) is does


@pytest.fixture
def rules_of(tmp_path, lint):
    """The rules about open paths that find something in a distribution with these settings."""

    def run(**settings):
        usual = {
            "domain": "www.example.org",
            "event": "viewer-request",
            "function": "BasicAuth",
            "pattern": "/reports/*",
            "more": "Compress: true",
            "code": 404,
            "page": "/index.html",
        }
        template = tmp_path / "template.yaml"
        template.write_text(TEMPLATE.format(**(usual | settings)))
        return [rule for _, rule, _ in lint(template) if rule in ("W9061", "W9062", "W9063")]

    return run


GUARD = "FunctionAssociations: [{ EventType: viewer-request, FunctionARN: !GetAtt Other.FunctionARN }]"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["W9061"]),
        ({"pattern": "/api/*"}, ["W9061"]),
        ({"function": "LoginGate"}, ["W9061"]),
        ({"function": "AuthorPages"}, []),
        ({"function": "Rewrite"}, []),
        ({"event": "viewer-response"}, []),
        ({"domain": "other.example.org"}, []),
        ({"pattern": "/static/*"}, []),
        ({"pattern": "/favicon.ico"}, []),
        ({"pattern": "/oauth2/callback"}, []),
        ({"pattern": "/.well-known/*"}, []),
        ({"more": GUARD}, []),
        ({"more": "TrustedKeyGroups: [abc]"}, []),
        ({"more": "TrustedKeyGroups: []"}, ["W9061"]),
        ({"code": 403, "pattern": "/static/*"}, ["W9062"]),
        ({"code": 403, "pattern": "/static/*", "page": "/static/403.html"}, []),
        ({"code": 403, "pattern": "/static/*", "function": "Rewrite"}, []),
    ],
    ids=str,
)
def test_open_paths(settings, expected, rules_of):
    """Nobody is accused of a path that is open on purpose, nor of a function that asks for nothing."""
    assert rules_of(**settings) == expected
