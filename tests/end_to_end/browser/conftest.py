"""Chromium in front of the running stack: Debian's, or else playwright's own. Without one, skips and says why."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

SITE = Path(__file__).parents[3] / "site"
FLAGS = [
    "--no-sandbox",  # which root, as in a container, cannot have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
USER = {"username": "demo", "password": "demo"}
MEMBERS_PASSWORD = "demo-demo-demo"

# `viewer(**options of playwright's new_context)` opens a page of the stack as the demo user.
Viewer = Callable[..., Page]


def sign_in(page: Page, name: str = "demo", password: str = MEMBERS_PASSWORD) -> None:
    """Fills in the embedded AWS's sign-in page, which the browser shows, and sends it."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


@pytest.fixture(autouse=True)
def demo_is_there(request: pytest.FixtureRequest) -> None:
    """A test that is about a page of the demo is skipped where the page is gone, or lacks the part that makes it so."""
    for page, part in (marker.args for marker in request.node.iter_markers("demo")):
        path = SITE / page
        if not path.is_file() or part not in path.read_text():
            pytest.skip(f"site/{page} is not the demo's")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        except Error as error:
            reason = error.message.strip().splitlines()[0]
            pytest.skip(f"no browser: install Debian's chromium, or `playwright install chromium` ({reason})")
        yield browser
        browser.close()


@pytest.fixture
def viewer(browser, running_stack) -> Iterator[Viewer]:
    """Opens a page in a context of its own: the demo user's, unless `http_credentials` are given."""
    with ExitStack() as contexts:

        def opened(**options: object) -> Page:
            options = {"http_credentials": USER, **options}
            context: BrowserContext = browser.new_context(base_url=running_stack.description.url, **options)
            contexts.callback(context.close)
            context.set_default_timeout(20_000)
            return context.new_page()

        yield opened


@pytest.fixture
def page(viewer) -> Iterator[Page]:
    """A page of the demo user's, and no exception in its scripts."""
    page = viewer()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert failures == []


@pytest.fixture
def complaints(page) -> list[str]:
    """What the page writes to the console as a warning or an error, and the addresses of what it fails to load."""
    found: list[str] = []
    page.on("console", lambda line: line.type in ("error", "warning") and found.append(line.text))
    page.on("response", lambda answer: answer.status >= 400 and found.append(answer.url))
    return found


@pytest.fixture(scope="session")
def findings() -> Callable[[Page], list[str]]:
    """`findings(page)`: a line for each element in which axe-core finds a fault."""
    axe = Axe()

    def found(page: Page) -> list[str]:
        response = axe.run(page).response
        assert response["passes"], "axe-core checked nothing"
        return [f"{rule['id']}: {node['html']}" for rule in response["violations"] for node in rule["nodes"]]

    return found
