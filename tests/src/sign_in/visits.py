"""The requests whose events are under events/sign_in: see tests/events/record.py."""

from tests.events.visit import Visit

PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

VISITS = (
    Visit("sign_in/program", "`/members/index.html`", "401, a problem", "/members/index.html", user="", asks_aws=True),
    Visit(
        "sign_in/forged-session",
        "`/members/me` with a cookie that nobody signed",
        "401, a problem",
        "/members/me",
        user="",
        headers={"Cookie": "__Host-sign-in=forged.forged"},
        asks_aws=True,
    ),
    Visit(
        "sign_in/callback-without-attempt",
        "`/members/callback` in a browser that has not begun",
        "400, a page",
        "/members/callback?code=example&state=example",
        user="",
        headers=PAGE,
        asks_aws=True,
    ),
    Visit(
        "sign_in/sign-out-from-elsewhere",
        "`/members/sign-out` from a page of another site",
        "200, a question",
        "/members/sign-out",
        user="",
        headers={**PAGE, "Sec-Fetch-Site": "cross-site"},
        asks_aws=True,
    ),
    Visit("sign_in/signed-out", "`/members/signed-out`", "200, a page", "/members/signed-out", user="", asks_aws=True),
)
