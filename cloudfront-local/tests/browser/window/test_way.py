"""The way of a request, as a person reads it in the window."""

from playwright.async_api import expect


async def test_the_way_of_a_502_is_understood_by_its_page_alone(opened) -> None:
    """The page says which function at which event broke which rule, at which field, CloudFront's sentence and what to
    do; where the way ended; and what the function changed."""
    await opened.happens("refused", target="/page")
    detail = await opened.choose("/page")
    await expect(detail.locator("h2")).to_have_text("502 GET /page")
    problem = detail.locator(".problem")
    for text in (
        "CloudFront refused the result of SignerFunction (origin-request) with 502",
        "The Lambda function result failed validation: The function tried to add a blacklisted header.",
        "disallowed-header",
        "headers.connection",
        "Connection: keep-alive",
        "What to do: Leave the header out.",
    ):
        await expect(problem).to_contain_text(text)
    assert await stations(detail) == ["behavior", "viewer-request", "cache", "origin-request"]
    last = detail.get_by_role("listitem").last
    await expect(last).to_contain_text("It failed.")
    part = detail.get_by_role("region", name="SignerFunction at origin-request")
    connection = '"connection": [{"key": "Connection", "value": "keep-alive"}]'
    await expect(part.locator("ins").filter(has_text=connection)).to_have_count(1)
    await expect(part.locator("del").filter(has_text='"uri": "/api/books"')).to_have_count(1)
    await expect(part.locator("ins").filter(has_text='"uri": "/other"')).to_have_count(1)
    await expect(part).to_contain_text("Signed for lambda in us-east-1.")
    await detail.get_by_role("link", name="origin-request").click()
    await expect(part).to_be_in_viewport()


async def test_a_function_that_raised(opened) -> None:
    """The error and its traceback."""
    await opened.happens("crashed", target="/page")
    problem = (await opened.choose("/page")).locator(".problem")
    await expect(problem).to_contain_text("SignerFunction (origin-request) failed: KeyError: 'host'")
    await expect(problem).to_contain_text("line 22, in handler")


async def test_why_a_request_was_a_miss(opened) -> None:
    """The cache key part by part: the part that differs from the nearest kept object is marked, and a word says so."""
    await opened.happens("miss", target="/page")
    cache = (await opened.choose("/page")).get_by_role("region", name="Cache")
    differs = cache.get_by_role("row").filter(has_text="differs")
    assert (await differs.inner_text()).split() == ["Query", "string:", "author", "Le", "Guin", "differs", "Tolkien"]
    await expect(cache).to_contain_text("TTL 1 min 30 s.")
    await expect(cache).to_contain_text("Decided by Cache-Control: max-age=90.")


async def test_what_cloudfront_changed_of_the_headers(opened) -> None:
    """Each header that was dropped, added or rewritten, with both values and the reason."""
    await opened.happens("miss", target="/page")
    origin = (await opened.choose("/page")).get_by_role("region", name="Origin books")
    rows = await origin.locator("tbody").first.get_by_role("row").all_inner_texts()
    assert [" ".join(row.split()) for row in rows] == [
        "\N{MINUS SIGN} dropped Accept-Language en-NZ The origin request policy does not forward it.",
        "+ added X-Amz-Cf-Id 4TyzHTaYWb1G",
        "~ rewritten User-Agent curl/8.14.1 → Amazon CloudFront",
    ]


async def test_why_the_origin_refused(opened) -> None:
    """IAM's reason for a 403."""
    await opened.happens("denied", target="/page")
    problem = (await opened.choose("/page")).locator(".problem")
    await expect(problem).to_contain_text("The origin books answered with 403")
    await expect(problem).to_contain_text("is not authorized to perform: lambda:InvokeFunctionUrl")


async def test_an_answer_of_a_function(opened) -> None:
    """The page says who answered, and shows the response beside the event."""
    await opened.happens("generated", target="/page")
    detail = await opened.choose("/page")
    await expect(detail.locator(".answered")).to_have_text(
        "The request ended at viewer-request: AuthorizerFunction answered."
    )
    await expect(detail.get_by_role("group", name="Result: a response of its own")).to_contain_text('"status": "401"')


async def stations(detail) -> list[str]:
    listed = detail.get_by_role("list", name="Stations of the request").get_by_role("listitem")
    return [await each.locator("b").inner_text() for each in await listed.all()]


async def test_a_function_that_changed_nothing(opened) -> None:
    """The page says so, and shows the lines that it folded when asked."""
    await opened.happens("miss", target="/page")
    part = (await opened.choose("/page")).get_by_role("region", name="AuthorizerFunction at viewer-request")
    await expect(part).to_contain_text("Lambda@Edge · 4.7 ms · changed nothing")
    await expect(part).not_to_contain_text('"uri"')
    await part.get_by_role("button", name="unchanged lines").click()
    await expect(part).to_contain_text('"uri": "/api/books"')


async def test_a_station_that_was_passed_twice(opened) -> None:
    """The second origin of a group: one station, with both answers and the time of both."""
    request = await opened.happens("miss")
    stations = request["stations"]
    first = {**stations[-1], "outcome": "failed", "summary": "503 Service Unavailable", "milliseconds": 2.1}
    await opened.happens("miss", target="/page", stations=[*stations[:-1], first, stations[-1]])
    last = (await opened.choose("/page")).get_by_role("listitem").last
    assert (await last.inner_text()).split("\n")[:3] == ["origin", "120 ms", "503 Service Unavailable, then 200 OK"]
