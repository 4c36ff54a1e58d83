"""The signer's settings in origin custom headers."""

import pytest

from signer.settings import MisconfiguredError


def test_settings_do_not_reach_the_origin(origin_request, sign):
    """The signer removes its own custom headers. Others remain."""
    settings = {
        "Mode": "sign",
        "Service": "lambda",
        "Region": "eu-west-1",
        "Strip-Prefix": "/api",
        "Keep-Authorization": "true",
    }
    request = sign(origin_request(settings=settings))
    assert request["origin"]["custom"]["customHeaders"] == {"x-api-version": [{"key": "X-Api-Version", "value": "1"}]}
    assert [name for name in request["headers"] if name.startswith("x-signer-")] == []


def test_viewers_settings_are_none(origin_request, sign):
    """A viewer's headers named like settings have no effect and do not reach the origin."""
    headers = {"X-Signer-Mode": "body-hash", "X-Signer-Strip-Prefix": "/books", "X-Signer-Keep-Authorization": "true"}
    request = sign(origin_request(headers={**headers, "Authorization": "Bearer viewer"}))
    assert request["uri"] == "/books"
    assert "authorization" in request["headers"]
    assert [name for name in request["headers"] if name.startswith(("x-signer-", "x-forwarded-auth"))] == []


def test_viewers_settings_do_not_replace_the_distributions(origin_request, sign):
    """If viewer and distribution send a setting, the distribution's counts."""
    request = sign(origin_request(headers={"X-Signer-Mode": "sign"}, settings={"mode": "body-hash"}))
    assert "authorization" not in request["headers"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": "hash"}, "x-signer-mode is 'hash': set it to sign or body-hash"),
        ({"mode": ""}, "x-signer-mode is '': set it to sign or body-hash"),
        ({"mode": "Sign"}, "x-signer-mode is 'Sign': set it to sign or body-hash"),
        ({"keep-authorization": "yes"}, "x-signer-keep-authorization is 'yes': set it to false or true"),
        (
            {"prefix": "/api"},
            "the signer has no setting x-signer-prefix; its settings are x-signer-mode, x-signer-service, "
            "x-signer-region, x-signer-strip-prefix, x-signer-keep-authorization",
        ),
    ],
)
def test_settings_that_make_no_sense(origin_request, sign, settings, message):
    """An unknown setting or a wrong value raises an error that names it."""
    with pytest.raises(MisconfiguredError) as error:
        sign(origin_request(settings=settings))
    assert str(error.value) == message
