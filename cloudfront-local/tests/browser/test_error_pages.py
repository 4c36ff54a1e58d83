"""Custom error pages as Chromium shows them, from the origin and from the cache."""

from cloudfront_local.distribution.error_responses import ErrorResponse

NO_ICON = b'<!doctype html><link rel=icon href="data:,">'  # Chromium asks for /favicon.ico otherwise.
APP = NO_ICON + b"<p id=path></p><script>path.textContent = location.pathname</script>"
HTML = {"Content-Type": "text/html"}


async def test_single_page_application(edge, serve, page) -> None:
    """The page for 404, with status 200, runs at the requested path. The cache keeps it with the error, for as long as
    the error."""
    errors = {404: ErrorResponse(page_path="/index.html", response_code=200, caching_min_ttl=60)}
    at = edge(config={"error_responses": errors})
    at.origin.reply(404).reply(200, APP, HTML).reply(404).reply(200, NO_ICON + b"<p id=path>new</p>", HTML)
    url = f"http://127.0.0.1:{await serve(at)}/books/7"
    for _ in range(2):
        answer = await page.goto(url)
        assert (answer.status, await answer.header_value("X-Cache")) == (200, "Error from cloudfront")
        assert await page.text_content("#path") == "/books/7"
    assert [request.uri for request in at.origin.requests] == ["/books/7", "/index.html"]
    at.clock.advance(61)
    await page.goto(url)
    assert await page.text_content("#path") == "new"
    assert len(at.origin.requests) == 4


async def test_page_with_the_status_of_the_error(edge, serve, page) -> None:
    """Chromium shows a page whose status is an error. Another path has an error of its own, and the page again."""
    at = edge(config={"error_responses": {404: ErrorResponse(page_path="/404.html", response_code=404)}})
    for text in (b"gone", b"too"):
        at.origin.reply(404).reply(200, NO_ICON + b"<h1>%s</h1>" % text, HTML)
    base = f"http://127.0.0.1:{await serve(at)}"
    shown = []
    for path in ("/a", "/a", "/b"):
        answer = await page.goto(base + path)
        shown.append((answer.status, await page.text_content("h1")))
    assert shown == [(404, "gone"), (404, "gone"), (404, "too")]
    assert [request.uri for request in at.origin.requests] == ["/a", "/404.html", "/b", "/404.html"]
