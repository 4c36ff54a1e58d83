"""International Standard Book Numbers (ISO 2108)."""

import re
from collections.abc import Iterable


def is_isbn(text: str) -> bool:
    """Whether `text` is an ISBN-10 or ISBN-13 with a correct check digit. Hyphens or spaces may separate its parts."""
    if not re.fullmatch("[0-9]([- ]?[0-9X])+", text):
        return False
    digits = re.sub("[- ]", "", text)
    if re.fullmatch("[0-9]{9}[0-9X]", digits):
        # The sum of the digits, weighted 10 to 1, is a multiple of 11. X is ten.
        return _weighted_sum(digits, range(10, 0, -1)) % 11 == 0
    if re.fullmatch("97[89][0-9]{10}", digits):
        # The sum of the digits, weighted 1 and 3 alternately, is a multiple of 10.
        return _weighted_sum(digits, [1, 3] * 6 + [1]) % 10 == 0
    return False


def _weighted_sum(digits: str, weights: Iterable[int]) -> int:
    return sum("0123456789X".index(digit) * weight for digit, weight in zip(digits, weights, strict=True))
