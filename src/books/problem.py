"""An exception that becomes an RFC 9457 problem in the response."""

from collections.abc import Mapping


class Problem(Exception):  # noqa: N818 - RFC 9457's own term
    """Ends a request with `status` (400 to 599) and `detail`, a sentence for the person who sent it.

    Further members of the problem, such as `field`, are passed by name.
    """

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: str | int
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


def field_problem(field: str, detail: str) -> Problem:
    """A 400 about a field or query parameter. The member `field` and the first word of the sentence name it."""
    return Problem(400, f"{field} {detail}", field=field)
