"""Words in both languages, and the small names that are made of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_LONGEST_KEY = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same thing said in both languages of the shop; one of them may be missing."""

    zh: str
    en: str = ""

    def to(self, language: str) -> str:
        """What a reader of that language sees: the other language rather than nothing.

        language  a code such as zh-hans or en
        """
        return (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NOTHING = Words(zh="")


def key_of(words: Words) -> str:
    """A name for addresses and files: the English words in small letters, else the Chinese ones.

    source   Words(zh="产地", en="Place of origin") -> "place-of-origin"; Words(zh="产地") -> "产地"
    """
    said = re.sub(r"[^\w]+", "-", (words.en or words.zh).lower().replace("_", "-")).strip("-")
    return said[:_LONGEST_KEY].strip("-")


def handle_of(said: str) -> str:
    """A product's name in addresses, made of what is said: small letters and figures, joined by dashes.

    Words of other scripts alone get a name from their digest, so that there always is one.

    source   "TEA 001/A" -> "tea-001-a"
    """
    plain = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")[:80].strip("-")
    return plain or hashlib.blake2b(said.encode(), digest_size=6).hexdigest()
