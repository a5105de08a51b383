"""A text, as a value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One version of a text in one language.

    version   the day from which it is in force, as 2026-11-22
    language  zh or en
    summary   what it comes to, in one or two sentences
    sections  heading and words of each
    """

    version: str
    language: str
    title: str
    summary: str
    sections: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all that is shown, before the shop's name is put in; hexadecimal."""
        parts = (self.version, self.language, self.title, self.summary, *(p for pair in self.sections for p in pair))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
