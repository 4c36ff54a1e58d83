"""The requests whose events are under events/redirect: see tests/events/record.py."""

from tests.events.visit import DOMAIN, Visit

VISITS = (
    Visit(
        "redirect/from-index",
        "the form on `/demo/index.html`",
        "302 to the other page, with the form's fields",
        "/demo/submit?name=Ada+Lovelace",
        headers={"Referer": f"https://{DOMAIN}/demo/index.html"},
    ),
    Visit(
        "redirect/from-elsewhere",
        "the same from another site",
        "the request as it came",
        "/demo/submit?name=Ada+Lovelace",
        headers={"Referer": "https://www.example.org/demo/index.html"},
    ),
    Visit("redirect/other-page", "`/demo/other.html`", "the request as it came", "/demo/other.html"),
)
