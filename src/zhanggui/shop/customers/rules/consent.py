"""What a customer may agree to, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What is agreed to; each by itself."""

    TERMS = "terms"
    PRIVACY = "privacy"
    MARKETING_EMAIL = "marketing_email"
    MARKETING_SMS = "marketing_sms"
    PERSONAL = "personal"


# Without these two nobody can have an account; an account ends when they are withdrawn.
NEEDED: Final = (Purpose.TERMS, Purpose.PRIVACY)
# Everything else is a switch of its own, off until somebody turns it on.
FREE: Final = (Purpose.PERSONAL, Purpose.MARKETING_EMAIL, Purpose.MARKETING_SMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One yes or no of a customer, with the text it was said to.

    version      of the text, such as 2026-11-22
    language     in which it was shown, zh or en
    text_digest  SHA-256 of the words that were shown, in hexadecimal
    how          where it was said, such as `sign_in` or `account`
    """

    purpose: Purpose
    is_given: bool
    version: str
    language: str
    text_digest: str
    how: str
    at: datetime


def standing(said: Iterable[Said]) -> dict[Purpose, Said]:
    """The newest word for every purpose that anything was ever said about.

    said  oldest first
    """
    return {one.purpose: one for one in said}


def is_given(said: Iterable[Said], purpose: Purpose) -> bool:
    """Whether a purpose is agreed to now; silence is no.

    said  oldest first
    """
    newest = standing(said).get(purpose)
    return newest is not None and newest.is_given
