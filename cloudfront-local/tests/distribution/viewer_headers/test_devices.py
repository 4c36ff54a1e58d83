"""The device of a User-Agent."""

import pytest

from cloudfront_local.distribution.viewer_headers import devices

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("user_agent", "kinds"),
    [
        ("", {"desktop"}),
        ("curl/8.5.0", {"desktop"}),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", {"desktop"}),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15", {"desktop"}),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148", {"mobile", "ios"}),
        (f"{MOZILLA} (iPad; CPU OS 16_0 like Mac OS X) Version/16.0 Mobile/15E148", {"tablet", "ios"}),
        (f"{MOZILLA} (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile Safari/537.36", {"mobile", "android"}),
        (f"{MOZILLA} (Linux; Android 13; SM-X700) Chrome/126.0 Safari/537.36", {"tablet", "android"}),
        (f"{MOZILLA} (SMART-TV; Linux; Tizen 6.0) Version/6.0 TV Safari/538.1", {"smart-tv"}),
        (f"{MOZILLA} (Web0S; Linux/SmartTV) Chrome/87.0 Safari/537.36", {"smart-tv"}),
        (f"{MOZILLA} (Linux; Android 9; AFTMM) Silk/98.6 like Chrome/98.0", {"smart-tv", "android"}),
    ],
)
def test_of_user_agent(user_agent: str, kinds: set[str]) -> None:
    """The usual marks of browsers tell one form factor and the system. A program counts as a desktop."""
    assert devices.of_user_agent(user_agent) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mobile", {"mobile"}),
        ("Tablet, iOS", {"tablet", "ios"}),
        ("mobile,tablet", {"mobile", "tablet"}),
        ("auto", None),
    ],
)
def test_named(text: str, kinds: set[str] | None) -> None:
    """A developer names a device by its kinds; `auto` leaves it to the User-Agent."""
    assert devices.named(text) == kinds


@pytest.mark.parametrize("text", ["", "android", "phone", "mobile,", "auto,mobile", "x" * 100_000])
def test_no_device(text: str) -> None:
    """A text that names no form factor is refused, in one short line."""
    with pytest.raises(ValueError, match="is not a device") as refused:
        devices.named(text)
    assert len(str(refused.value)) < 300
