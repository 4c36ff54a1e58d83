"""The requests whose events are under events/authorizer: see tests/events/record.py."""

from tests.events.visit import Visit

VISITS = (
    Visit("authorizer/no-credentials", "`/`", "401 with the challenge", user=""),
    Visit("authorizer/valid-credentials", "`/` as demo:demo", "the request, of the user demo", asks_aws=True),
    Visit("authorizer/wrong-password", "`/` as demo:wrong", "401", user="demo:wrong", asks_aws=True),
    Visit("authorizer/unknown-user", "`/` as nobody:secret", "401", user="nobody:secret", asks_aws=True),
    Visit(
        "authorizer/malformed-credentials",
        "`/` with `Authorization: Basic demo:demo`, which is not Base64",
        "401",
        user="",
        headers={"Authorization": "Basic demo:demo"},
    ),
    Visit(
        "authorizer/forged-user",
        "`/` as demo:demo, with an `X-Authenticated-User` of the viewer's",
        "the request, of the user demo",
        headers={"X-Authenticated-User": "root", "X_Authenticated_User": "root"},
        asks_aws=True,
    ),
)
