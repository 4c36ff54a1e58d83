"""The way of a request, as a person reads it in the window."""

from playwright.async_api import expect


async def test_the_way_of_a_502_is_understood_by_its_page_alone(opened) -> None:
    """The page says which function at which event broke which rule, at which field, CloudFront's sentence and what to
    do; where the way ended; and what the function changed."""

    def signer(event):
        request = event["Records"][0]["cf"]["request"]
        request["headers"]["connection"] = [{"key": "Connection", "value": "keep-alive"}]
        request["uri"] = "/other"
        return request

    window = await opened(functions={"origin-request": signer})
    await window.get("/page")
    await window.choose("/page")
    detail = window.page.locator("#detail")
    await expect(detail.locator("h2")).to_have_text("502 GET /page")
    problem = detail.locator(".problem")
    for text in (
        "CloudFront refused the result of origin-request-function (origin-request) with 502",
        "The Lambda function result failed validation: The function tried to add a blacklisted header.",
        "disallowed-header",
        "headers.connection",
        "Leave the header out.",
    ):
        await expect(problem).to_contain_text(text)
    passed = detail.get_by_role("list", name="Stations of the request").get_by_role("listitem")
    assert [(await each.locator("b").inner_text()) for each in await passed.all()] == ["behavior", "cache", "origin-request"]
    await expect(passed.last).to_contain_text("It failed.")
    part = detail.get_by_role("region", name="origin-request-function at origin-request")
    await expect(part.locator("ins")).to_contain_text(['"connection": [{"key": "Connection", "value": "keep-alive"}]', '"uri": "/other"'])
    await expect(part.locator("del")).to_contain_text(['"uri": "/page"'])
    await passed.last.get_by_role("link").click()
    await expect(part).to_be_in_viewport()


async def test_why_a_request_was_a_miss(opened) -> None:
    """The cache key part by part: the part that differs from the nearest kept object is marked, and a word says so."""
