"""A document as bytes and back: the same document gives the same bytes, and the digest tells any other apart."""

from __future__ import annotations

import hashlib

import msgspec

from zhanggui.steer.briefings.rules.values import Document


def written(document: Document) -> bytes:
    """The document as JSON, its fields in the order in which they are declared."""
    return msgspec.json.encode(document)


def read(kept: bytes) -> Document:
    """The document that was written."""
    return msgspec.json.decode(kept, type=Document)


def digest(kept: bytes) -> str:
    """64 hexadecimal signs by which a copy is known to be the same (BLAKE2b, 32 bytes)."""
    return hashlib.blake2b(kept, digest_size=32).hexdigest()
