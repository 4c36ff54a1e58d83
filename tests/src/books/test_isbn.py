"""International Standard Book Numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.isbn import is_isbn


@pytest.mark.parametrize(
    "text",
    [
        *("978-0-306-40615-7", "0-306-40615-2"),
        *("9783161484100", "978-3-16-148410-0", "978 3 16 148410 0", "316148410X", "3-16-148410-X"),
        "9791032305690",
    ],
)
def test_numbers_of_books(text):
    """ISBN-10 and ISBN-13 are taken, with an X for ten, and with or without hyphens or spaces."""
    assert is_isbn(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "X", "-", "316148410", "31614841000", "978316148410", "97831614841000"),
        # Wrong check digit, small x, X in the middle, X in an ISBN-13, a prefix that is not the book trade's.
        *("3161484101", "316148410x", "3X6148410X", "978316148410X", "9773161484101"),
        # Parted oddly; digits of another script.
        *("-316148410X", "316148410X-", "3--16148410X", "3.16.148410.X", "316148410X\n", "٣161484100"),
    ],
)
def test_anything_else(text):
    """A wrong length, check digit, prefix or character is not an ISBN."""
    assert not is_isbn(text)


@given(st.integers(0, 999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_shows(number, position, change):
    """For twelve digits exactly one check digit is right, and a change of any one digit is detected."""
    stem = f"978{number:09}"
    [isbn] = [f"{stem}{digit}" for digit in range(10) if is_isbn(f"{stem}{digit}")]
    place = 3 + position
    wrong = isbn[:place] + str((int(isbn[place]) + change) % 10) + isbn[place + 1 :]
    assert not is_isbn(wrong)
