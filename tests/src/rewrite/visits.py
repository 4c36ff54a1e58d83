"""The requests whose events are under events/rewrite: see tests/events/record.py."""

from tests.events.visit import Visit

VISITS = (
    Visit("rewrite/index", "`/blog`", "the request, for `/blog/index.html`", "/blog", user=""),
    Visit(
        "rewrite/folder",
        "`/blog/first-light/` with a query string",
        "the request, for `/blog/first-light/index.html`",
        "/blog/first-light/?from=mail",
        user="",
    ),
    Visit("rewrite/file", "`/blog/blog.css`", "the request as it came", "/blog/blog.css", user=""),
)
