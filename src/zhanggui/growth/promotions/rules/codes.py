"""Codes of coupons: read out on the phone, typed with a thumb, never guessed."""

from __future__ import annotations

from typing import Final

# Crockford's base 32: no letter looks like a digit.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT: Final = str.maketrans("ILOU", "110V")
CODE_BITS: Final = 60


def new_code(noise: int) -> str:
    """A code of twelve letters.

    noise   60 random bits
    source  0 -> 000000000000
    """
    return "".join(_LETTERS[noise >> shift & 31] for shift in range(CODE_BITS - 5, -5, -5))


def code_of(typed: str) -> str:
    """What was meant by what was typed: capitals, no blanks or dashes, letters that look like digits as digits.

    source  ab1l-o2 -> AB1102
    """
    return "".join(letter for letter in typed.upper().translate(_MEANT) if letter.isalnum())[:24]


def shown(code: str) -> str:
    """A code in groups of four: 0000-0000-0000."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
