"""Claims that are required for some paths: who lacks one gets a page, and no spelling of a path leads past it."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sign_in.claims import required_at
from tests.src.sign_in.conftest import SESSION

REQUIRED = {"/members/staff": {"groups": "staff"}, "/members/staff/board": {"role": "board"}, "/eu": {"region": "eu"}}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings["required_claims"] = REQUIRED


@pytest.mark.parametrize("groups", ["staff", ["staff"], ["press", "staff"]])
def test_held(browser, signs_in, groups):
    """The claim is the text, or a list that has it."""
    assert signs_in(groups=groups).status == 302
    assert browser.load("/members/staff/a").passes


@pytest.mark.parametrize("groups", [None, "", "Staff", "staff ", "staffers", [], [["staff"]], {"staff": True}, 1, True])
def test_lacking(browser, signs_in, groups):
    """Any other claim is not it: a page that names the user, and not what is missing. The log does."""
    assert signs_in("/members/staff/a", groups=groups).status == 302
    answer = browser.load("/members/staff/a")
    assert (answer.status, answer.cause, answer.line["subject"]) == (403, "the user lacks groups=staff", "ada")
    assert "You are signed in as ada@example.org." in answer.body
    assert "groups" not in answer.body
    assert "staff" not in answer.body
    assert 'href="/members/sign-out"' in answer.body
    assert browser.load("/members/a").passes


def test_program(browser, signs_in):
    """A program gets a problem."""
    signs_in()
    answer = browser.fetch("/members/staff/a")
    assert (answer.status, answer.header("content-type")) == (403, "application/problem+json")
    assert "staff" not in answer.body


def test_name_in_the_page(browser, cookie):
    """A user's name that is HTML is shown as text."""
    browser.jar[SESSION] = cookie(name="<script>alert(1)</script>")
    answer = browser.load("/members/staff/a")
    assert answer.status == 403
    assert "&lt;script&gt;" in answer.body
    assert "<script>" not in answer.body


def test_each_prefix_counts(browser, signs_in):
    """Every prefix of a path has its say."""
    signs_in(groups="staff")
    assert browser.load("/members/staff/a").passes
    assert browser.load("/members/staff/board/a").cause == "the user lacks role=board"
    assert browser.load("/members/board").passes


@pytest.mark.parametrize(
    ("uri", "names"),
    [
        ("/", set()),
        ("/members/", set()),
        ("/members/me", set()),
        ("/members/staff", {"groups=staff"}),
        ("/members/staff.html", {"groups=staff"}),
        ("/members/%73taff/a", {"groups=staff"}),
        ("/members/%73%74%61%66%66/a", {"groups=staff"}),
        ("/%6Dembers/staff/a", {"groups=staff"}),
        ("/members%2Fstaff/a", {"groups=staff"}),
        ("/members/Staff/a", {"groups=staff"}),
        ("/members/STAFF.html", {"groups=staff"}),
        ("/members/%53TAFF.html", {"groups=staff"}),
        ("/MEMBERS/staff", {"groups=staff"}),
        ("/members/\u017ftaff", {"groups=staff"}),
        ("/members/sta\ufb00", {"groups=staff"}),
        ("/members/a%20b", set()),
    ],
)
def test_spelling(uri: str, names: set[str]):
    """Paths are compared as an origin may read them: decoded, and without regard to case."""
    assert required_at(uri, REQUIRED) == names


def test_capitals_in_the_settings():
    """The case of the settings does not matter either. Each rule has its say, also where they differ in case alone."""
    required = {"/members/Staff": {"groups": "staff"}, "/members/staff": {"role": "board"}, "/\u0131": {"a": "b"}}
    assert required_at("/members/staff", required) == {"groups=staff", "role=board"}
    assert required_at("/members/Staff", required) == {"groups=staff", "role=board"}
    assert required_at("/IPA", required) == {"a=b"}


@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase, str.casefold, str.title])
@given(begin=TEXTS, rest=TEXTS)
def test_any_case(change, begin: str, rest: str):
    """Whatever the letters, no change of case leads past a requirement."""
    assert required_at(quote(change(f"/{begin}") + rest), {f"/{begin}": {"a": "b"}}) == {"a=b"}


@pytest.mark.parametrize(
    "uri",
    [
        "/members//staff/a",
        "//members/staff",
        "/members/./staff/a",
        "/members/x/../staff/a",
        "/members/%2e%2e/members/staff",
        "/members/x/..%2fstaff",
        "/members/%2573taff",
        "/members\\staff",
        "/members/%5Cstaff",
        "/members/%00staff",
        "/members/\u200bstaff",
        "/members/%",
        "/members/%zz",
        "/members/%ff",
        "/.hidden",
    ],
)
def test_ambiguous(uri: str):
    """A path that an origin could take for another one has to meet all requirements."""
    assert required_at(uri, REQUIRED) == {"groups=staff", "role=board", "region=eu"}


def test_changed_requirements(browser, cookie, settings):
    """A session that began under other requirements cannot tell: the provider is asked again."""
    browser.jar[SESSION] = cookie(groups=["staff"])
    settings["required_claims"] = {"/members/staff": {"groups": "board"}}
    assert browser.load("/members/a").status == 302
