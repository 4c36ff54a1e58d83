"""Sign-in in a browser: at the embedded AWS's own sign-in page, and back to the page that was asked for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.browser.conftest import sign_in

pytestmark = pytest.mark.browser

HERE = re.compile(r"^http://127\.0\.0\.1:\d+(/members/[^?]*)")
SESSION = "__Host-sign-in"


@pytest.fixture
def visitor(viewer) -> Page:
    """A page of somebody who has no password of the authorizer's."""
    return viewer(http_credentials=None)


def shown(page: Page) -> str:
    """The path of the page that the browser shows."""
    found = HERE.match(page.url)
    return found[1] if found else page.url


def cookies(page: Page) -> dict[str, str]:
    """The browser's cookies, of pages of this stack."""
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def test_sign_in(visitor):
    """The way leads back to the page that was asked for, with its query; the page says who is signed in."""
    visitor.goto("/members/?from=mail")
    assert "/oauth2/authorize?" in visitor.url
    sign_in(visitor)
    assert visitor.url.endswith("/members/?from=mail")
    expect(visitor.locator("#email")).to_have_text("demo@example.org")
    expect(visitor.locator("#until")).to_have_text(re.compile(r"\d"))
    (kept,) = visitor.context.cookies()
    assert (kept["name"], kept["httpOnly"], kept["secure"], kept["sameSite"]) == (SESSION, True, True, "Lax")


def test_at_another_name_of_the_machine(visitor, running_stack):
    """A sign-in that begins at localhost ends at the page that was asked for, at the provider's address for it."""
    elsewhere = running_stack.description.url.replace("127.0.0.1", "localhost")
    visitor.goto(f"{elsewhere}/members/?from=mail&x=%2F")
    sign_in(visitor)
    assert visitor.url == f"{running_stack.description.url}/members/?from=mail&x=%2F"
    expect(visitor.locator("#email")).to_have_text("demo@example.org")
    visitor.goto(f"{elsewhere}/members/index.html?later")
    assert visitor.url == f"{running_stack.description.url}/members/index.html?later"


def test_stays_signed_in(visitor):
    """With a session nobody is asked again, in no tab."""
    visitor.goto("/members/")
    sign_in(visitor)
    for page in (visitor, visitor.context.new_page()):
        assert page.goto("/members/index.html").status == 200
        assert shown(page) == "/members/index.html"


def test_wrong_password(visitor):
    """The sign-in page says so, and nobody enters; the right password still leads in."""
    visitor.goto("/members/")
    sign_in(visitor, "demo", "wrong-wrong-wrong")
    expect(visitor.get_by_text("Incorrect username or password.")).to_be_visible()
    assert SESSION not in cookies(visitor)
    sign_in(visitor)
    assert shown(visitor) == "/members/"


def test_unknown_user(visitor):
    """An unknown user reads the same as a wrong password."""
    visitor.goto("/members/")
    sign_in(visitor, "nobody")
    expect(visitor.get_by_text("Incorrect username or password.")).to_be_visible()
    assert SESSION not in cookies(visitor)


def test_sign_out(visitor):
    """The session ends here and at the provider, and the page asks again."""
    visitor.goto("/members/")
    sign_in(visitor)
    visitor.get_by_role("link", name="Sign out").click()
    expect(visitor.get_by_text("You are signed out.")).to_be_visible()
    assert shown(visitor) == "/members/signed-out"
    assert cookies(visitor) == {}
    visitor.get_by_role("link", name="Sign in again").click()
    expect(visitor.get_by_label("Username")).to_be_visible()


def test_sign_out_in_another_tab(visitor):
    """The session is over in every tab: its script learns that, and its next page asks again."""
    visitor.goto("/members/")
    sign_in(visitor)
    other = visitor.context.new_page()
    other.goto("/members/sign-out")
    told = visitor.evaluate("fetch('/members/me').then(async answer => [answer.status, (await answer.json()).title])")
    assert told == [401, "Unauthorized"]
    visitor.goto("/members/")
    expect(visitor.get_by_label("Username")).to_be_visible()


def test_two_tabs(visitor):
    """Two tabs that sign in at once: each arrives at its own page."""
    other = visitor.context.new_page()
    visitor.goto("/members/?tab=1")
    other.goto("/members/index.html?tab=2")
    sign_in(visitor)
    sign_in(other)
    assert visitor.url.endswith("/members/?tab=1")
    assert other.url.endswith("/members/index.html?tab=2")
    assert list(cookies(visitor)) == [SESSION]


def test_callback_twice(visitor):
    """The address of the callback, loaded again, leads on: it is used up, and the user is signed in."""
    visitor.goto("/members/")
    with visitor.expect_response(lambda answer: "/members/callback?" in answer.url) as callback:
        sign_in(visitor)
    visitor.goto(callback.value.url)
    expect(visitor.get_by_text("You are signed in already.")).to_be_visible()
    visitor.get_by_role("link", name="Continue").click()
    expect(visitor.locator("#email")).to_have_text("demo@example.org")


def test_callback_of_another_browser(visitor):
    """A code means nothing to a browser that has not begun: nobody is signed in as somebody else by a link."""
    visitor.goto("/members/")
    visitor.context.clear_cookies()
    with visitor.expect_response(lambda answer: "/members/callback?" in answer.url) as callback:
        sign_in(visitor)
    assert callback.value.status == 400
    expect(visitor.get_by_text("This attempt to sign in is over")).to_be_visible()
    assert SESSION not in cookies(visitor)


def test_expired_session(visitor):
    """A session that is over leads to the provider, and back to the page."""
    visitor.goto("/members/")
    sign_in(visitor)
    visitor.context.clear_cookies()  # as the browser does at the end of Max-Age
    visitor.goto("/members/?later")
    sign_in(visitor)
    assert visitor.url.endswith("/members/?later")


def test_group(visitor):
    """Who is not in the group gets a page that says who is signed in, and leads to somebody else's sign-in."""
    visitor.goto("/members/staff.html")
    sign_in(visitor)
    expect(visitor.get_by_text("You are signed in as demo@example.org.")).to_be_visible()
    assert "staff" not in visitor.locator("main").inner_text()
    visitor.get_by_role("link", name="Sign out").click()
    visitor.goto("/members/staff.html")
    sign_in(visitor, "ada")
    expect(visitor.get_by_role("heading", name="You belong to the staff")).to_be_visible()


@pytest.mark.parametrize("path", ["/members/%73taff.html", "/members/x/../staff.html", "/members//staff.html"])
def test_group_by_another_spelling(visitor, path):
    """No spelling of the page's path leads past the group."""
    visitor.goto("/members/")
    sign_in(visitor)
    answer = visitor.evaluate("path => fetch(path).then(answer => answer.status)", path)
    assert answer in (403, 404)
