"""Custom error pages: a page of the distribution takes the place of an error.

Source: CloudFront Developer Guide, "How CloudFront processes errors when you have configured custom error pages".
"""

from __future__ import annotations

from dataclasses import replace

from cloudfront_local.distribution import journal, unverified
from cloudfront_local.distribution.cache import conditional
from cloudfront_local.distribution.cache.compression import compressed
from cloudfront_local.distribution.messages import Request, Response
from cloudfront_local.distribution.objects import Objects
from cloudfront_local.distribution.unverified import Unverified
from cloudfront_local.distribution.visit import Answer, Visit, answered, error_page_visit
from cloudfront_local.rules import facts

# CloudFront's own errors that get no page: a request that it deems unsafe. Developer Guide, the same page.
_WITHOUT_PAGE = frozenset({400})


class ErrorPages:
    """Finds and fetches custom error pages."""

    def __init__(self, objects: Objects, told: Unverified) -> None:
        self._objects = objects
        self._unverified = told

    async def replaced(self, visited: Visit, viewer: Request, answer: Answer) -> Answer:
        """The answer with the custom error page in place of an error, if the distribution has a page for that status.

        The first behavior that matches the page's path serves it, without viewer functions. If the page fails itself,
        the viewer gets that failure.
        """
        status = answer.response.status
        found = visited.config.error_responses.get(status)
        if found is None or not found.page_path or (answer.refusal and status in _WITHOUT_PAGE):
            return answer
        self._tell(answer)
        of_page = error_page_visit(visited, found.page_path)
        fetched = answer.page or await self._fetched(of_page, found.page_path, viewer, answer)
        served = await compressed(fetched, viewer, of_page.behavior)
        if fetched.status >= 400:
            journal.remark(
                f"The custom error page {found.page_path} fails itself: the viewer gets {fetched.status} in place of "
                f"{_reason(answer)}. Check that the origin {of_page.behavior.origin_id} has the page."
            )
            return Answer(served, facts.X_CACHE_ERROR, answer.age, is_page=True)
        journal.remark(
            f"The viewer gets the custom error page {found.page_path} with {found.response_code} "
            f"in place of {_reason(answer)}."
        )
        headers = served.headers.copy()
        headers["Connection"] = "close" if status in facts.ERROR_PAGE_CLOSING else "keep-alive"
        page = Response(found.response_code, headers, served.body)
        return Answer(page, facts.X_CACHE_ERROR, answer.age, is_page=True)

    async def _fetched(self, of_page: Visit, path: str, viewer: Request, answer: Answer) -> Response:
        """The page, or its failure. The page is cached with the error. If the page's path has a behavior of its own,
        the page is an object of that behavior instead, with that behavior's TTLs."""
        asked = replace(
            conditional.unconditional(viewer),
            method="GET",
            uri=path,
            querystring="",
            body=b"",
        )
        if of_page.behavior.functions.keys() & {"origin-request", "origin-response"}:
            self._unverified.tell(unverified.PAGE_FUNCTIONS)
        if of_page.behavior.trusted_keys is not None:
            self._unverified.tell(unverified.PAGE_WITHOUT_SIGNATURE)
        if of_page.behavior is not of_page.config.behaviors[-1]:
            return (await answered(self._objects.get(of_page, asked), of_page.id)).response
        fetched = await answered(self._objects.fetch(of_page, asked), of_page.id)
        if answer.key and not fetched.refusal:
            self._objects.keep_page(answer.key, fetched.response)
        return fetched.response

    def _tell(self, answer: Answer) -> None:
        if answer.refusal and answer.refusal.x_cache in (facts.X_CACHE_VALIDATION, facts.X_CACHE_EXECUTION):
            self._unverified.tell(unverified.PAGE_FOR_A_FAILED_FUNCTION)
        elif answer.made_by == "the viewer-request function":
            self._unverified.tell(unverified.PAGE_FOR_VIEWER_REQUEST)
        elif answer.made_by == "the origin-request function":
            self._unverified.tell(unverified.PAGE_FOR_ORIGIN_REQUEST)


def _reason(answer: Answer) -> str:
    """The error that a page hides: its status, who made it, and CloudFront's sentence if CloudFront did."""
    maker = "the cache" if answer.age is not None else answer.made_by
    sentence = f" ({answer.refusal.sentence})" if answer.refusal else ""
    return f"{answer.response.status} from {maker}{sentence}"
