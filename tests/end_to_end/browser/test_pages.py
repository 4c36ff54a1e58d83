"""The pages as a person uses them."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[3]
PAGES = {
    "overview": "/",
    "books": "/books.html",
    "files": "/files.html",
    "redirect": "/demo/index.html",
    "other": "/demo/other.html?name=octocat",
}
OCTOCAT = {"login": "octocat", "name": "The Octocat", "location": "San Francisco", "public_repos": 8, "company": None}
GITHUB = "https://api.github.com/**"


def message(page):
    return page.locator("#message")


def github_answers(page, user, status=200):
    """GitHub's users API, as far as the page sees it."""
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
    page.route(GITHUB, lambda route: route.fulfill(status=status, headers=headers, body=json.dumps(user)))


def test_nobody_at_the_prompt_does_not_enter(viewer):
    """Without a password the browser asks for one; headless nobody answers, and it gives up on the 401."""
    page = viewer(http_credentials=None)
    with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
        page.goto("/")
    expect(page.get_by_role("link", name="Books")).to_have_count(0)


def test_wrong_password_does_not_enter(viewer):
    """The prompt answered wrongly leaves a 401 and no page."""
    page = viewer(http_credentials={"username": "demo", "password": "wrong"})
    answer = page.goto("/")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="')
    expect(page.locator("h1")).to_have_count(0)


def test_the_right_password_lets_in(page):
    """The overview says who one is and what served it."""
    assert page.goto("/").status == 200
    expect(page.locator("#user")).to_have_text("demo")
    expect(page.locator("#host")).to_have_text(urlsplit(page.url).netloc)
    expect(page.locator("#cache")).to_have_text(re.compile("from cloudfront"))
    expect(page.locator("#pop")).to_have_text("IAD1-P1")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_complains(page, path):
    """No page writes a warning or an error to the console; every link, script, sheet and icon it names is there."""
    complaints, failed = [], []
    page.on("console", lambda line: line.type in ("error", "warning") and complaints.append(line.text))
    page.on("response", lambda answer: answer.status >= 400 and failed.append(answer.url))
    github_answers(page, OCTOCAT)
    page.goto(path, wait_until="networkidle")
    hrefs = page.locator("[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    answers = {href: page.request.get(href).status for href in hrefs}
    assert (complaints, failed) == ([], [])
    assert set(answers.values()) == {200}, answers


def test_life_of_a_book(page, shelf):
    """Added, listed, edited, still there after a reload, deleted: nothing but the page needed."""
    page.goto("/books.html")
    expect(page.locator("#empty")).to_be_visible()
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_label("Year").fill("1965")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune”.")
    row = page.locator("tbody tr")
    expect(row.locator("td")).to_have_text(["Dune", "Frank Herbert", "1965", re.compile("^demo, "), "EditDelete"])

    page.get_by_role("button", name="Edit Dune").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Dune Messiah")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune Messiah”.")
    page.reload()
    expect(row.locator("td").first).to_have_text("Dune Messiah")
    (book,) = shelf("GET")["books"]
    assert (book["title"], book["version"], book["updated_by"]) == ("Dune Messiah", 2, "demo")

    page.get_by_role("button", name="Delete Dune Messiah").click()
    expect(message(page)).to_have_text("Deleted “Dune Messiah”.")
    expect(page.locator("#empty")).to_be_visible()
    assert shelf("GET") == {"books": []}


def test_api_error_is_shown_as_the_api_tells_it(page):
    """A year that is none: the API's own sentence, and the field it names marked and focused."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_label("Year").fill("soon")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("button", name="Save").click()
    problem = refused.value.json()
    assert (problem["status"], problem["field"]) == (400, "year")
    expect(message(page)).to_have_text(problem["detail"])
    expect(page.get_by_label("Year")).to_be_focused()
    expect(page.get_by_label("Year")).to_have_attribute("aria-invalid", "true")


def test_conflict_is_explained_and_loses_nothing(page, shelf):
    """Somebody else was faster: told so, one sees their version, keeps one's own text, and may save it after all."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    page.get_by_role("button", name="Edit Ulysses").click()
    page.get_by_label("Title").fill("Ulysses, mine")
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_contain_text("Somebody changed this book after you opened it.")
    expect(page.locator("tbody td").first).to_have_text("Ulysses, theirs")
    expect(page.get_by_label("Title")).to_have_value("Ulysses, mine")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Ulysses, mine”.")
    assert [(one["title"], one["version"]) for one in shelf("GET")["books"]] == [("Ulysses, mine", 3)]


def test_conflict_over_a_deletion(page, shelf):
    """What somebody changed meanwhile is not deleted unseen."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    expect(page.get_by_role("button", name="Delete Ulysses")).to_be_visible()
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    page.get_by_role("button", name="Delete Ulysses").click()
    expect(message(page)).to_contain_text("Somebody changed this book")
    expect(page.locator("tbody td").first).to_have_text("Ulysses, theirs")
    assert [one["title"] for one in shelf("GET")["books"]] == ["Ulysses, theirs"]


@pytest.mark.parametrize(
    ("name", "region"), [("lighthouse", "us-east-1"), ("hills", "eu-west-1"), ("sails", "ap-southeast-2")]
)
def test_file_shows_with_its_region(page, name, region):
    """An image by its id, drawn, with the Region it came from and the time it took."""
    page.goto("/files.html")
    page.get_by_label("File id").fill(name)
    page.get_by_role("button", name="Show").click()
    card = page.locator(f"li[data-id={name}]")
    expect(card.locator(".region")).to_have_text(region)
    expect(card).to_contain_text(re.compile(r"\d+ ms, \w+ from cloudfront"))
    expect(card.get_by_alt_text(f"The image {name}")).to_have_js_property("complete", value=True)
    assert card.locator("img").evaluate("image => image.naturalWidth") > 0


def test_text_file_and_missing_file(page):
    """A text is shown as text; an id that nobody knows is said to be that, and what was shown stays."""
    page.goto("/files.html")
    for name in ("hello", "nothing-here"):
        page.get_by_label("File id").fill(name)
        page.get_by_role("button", name="Show").click()
    expect(message(page)).to_contain_text("nothing-here: ")
    text = (REPOSITORY / "demo/files/everywhere/hello.txt").read_text().strip()
    expect(page.locator("li[data-id=hello] p")).to_have_text(text)


def test_form_leads_to_the_other_page(page):
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


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (None, "GitHub could not be reached, so nothing is known of “octocat”. The page itself works."),
        (404, "GitHub knows nobody called “octocat”."),
        (403, "GitHub answered 403 instead of telling who “octocat” is."),
    ],
)
def test_github_is_of_no_help(page, status, said):
    """Unreachable, knowing nobody, or refusing: the page says so plainly."""
    if status is None:
        page.route(GITHUB, lambda route: route.abort("connectionrefused"))
    else:
        github_answers(page, {}, status)
    page.goto("/demo/other.html?name=octocat")
    expect(message(page)).to_have_text(said)
    expect(page.locator("#person")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("device", "width", "height"), [("phone", 390, 844), ("desktop", 1200, 800)])
def test_screenshots(viewer, shelf, scheme, device, width, height):
    """Every page fits the screen's width; pictures of them in artifacts/."""
    shelf("POST", "", {"title": "The Left Hand of Darkness", "author": "Ursula K. Le Guin", "year": 1969})
    shelf("POST", "", {"title": "Flatland", "author": "Edwin A. Abbott", "year": 1884})
    page = viewer(color_scheme=scheme, viewport={"width": width, "height": height})
    github_answers(page, OCTOCAT)
    for name, path in PAGES.items():
        page.goto(path, wait_until="networkidle")
        if name == "files":
            for file in ("hello", "sails", "lighthouse"):
                page.get_by_label("File id").fill(file)
                page.get_by_role("button", name="Show").click()
                expect(page.locator(f"li[data-id={file}]")).to_be_visible()
            page.wait_for_load_state("networkidle")
        page.screenshot(path=REPOSITORY / "artifacts" / f"{name}-{scheme}-{device}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
