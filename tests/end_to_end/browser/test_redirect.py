"""The demo's form and the page that it leads to."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demo("demo/index.html", "/demo/submit"),
    pytest.mark.demo("demo/other.html", "/assets/scripts/other.js"),
]

OCTOCAT = {"login": "octocat", "name": "The Octocat", "location": "San Francisco", "public_repos": 8, "company": None}
GITHUB = "https://api.github.com/**"


def github_answers(page, user, status=200):
    """GitHub's users API, as far as the page sees it."""
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
    page.route(GITHUB, lambda route: route.fulfill(status=status, headers=headers, body=json.dumps(user)))


def test_form_leads_to_the_other_page(page, complaints, findings):
    """Form, 302 at the edge, other page, and what GitHub says of the name that was entered."""
    github_answers(page, OCTOCAT)
    page.goto("/demo/index.html")
    page.get_by_label(re.compile("A GitHub user.s name")).fill("octo cat/ä")
    with page.expect_request(GITHUB) as asked, page.expect_response("**/demo/submit?*") as redirected:
        page.get_by_role("button", name="Look up").click()
    assert redirected.value.status == 302
    assert asked.value.url == "https://api.github.com/users/octo%20cat%2F%C3%A4"
    assert urlsplit(page.url)[2:4] == ("/demo/other.html", "name=octo+cat%2F%C3%A4")
    expect(page.get_by_role("heading", level=2)).to_have_text("octocat")
    facts = page.locator("#person dd")
    expect(facts).to_have_text(["The Octocat", "San Francisco", "8"])
    assert findings(page) == []
    assert complaints == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (None, "GitHub could not be reached, so this page cannot show “octocat”. Try again later."),
        (404, "GitHub has no user “octocat”."),
        (403, "GitHub answered with the status 403, so this page cannot show “octocat”."),
    ],
)
def test_github_is_of_no_help(page, status, said):
    """Unreachable, knowing nobody, or refusing: the page says so plainly."""
    if status is None:
        page.route(GITHUB, lambda route: route.abort("connectionrefused"))
    else:
        github_answers(page, {}, status)
    page.goto("/demo/other.html?name=octocat")
    expect(page.locator("#message")).to_have_text(said)
    expect(page.locator("#person")).to_be_hidden()


def test_address_stays_text(page):
    """Markup in the address is shown as it was written."""
    page.route(GITHUB, lambda route: route.abort())
    page.goto("/demo/other.html?name=%3Cimg%20src=x%3E")
    expect(page.locator("#message")).to_contain_text("“<img src=x>”")
    expect(page.locator("main img")).to_have_count(0)
