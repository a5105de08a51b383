"""Pictures that come with a call: sent one by one, answered with a word by which they then go along.

The word is signed for one shopper and one purpose, so nobody shows a picture that somebody else has sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from zhanggui.doors.api.askers import Visitor
from zhanggui.doors.api.errors import NotMultipart, PictureUnknown, TooLarge
from zhanggui.shop.returns import rules as returns
from zhanggui.shop.reviews import rules as reviews

RETURNS: Final = "/api/shop/returns/pictures"
REVIEWS: Final = "/api/shop/reviews/pictures"
_LARGEST: Final = {RETURNS: returns.LARGEST_PICTURE, REVIEWS: reviews.LARGEST_PICTURE}
# What stands around a file in a form.
_AROUND: Final = 16 * 1024
_PART: Final = 64 * 1024


def most_bytes(path: str) -> int:
    """How large the body of a call to that address may be."""
    return _LARGEST[path] + _AROUND if path in _LARGEST else settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0


def body_of(request: HttpRequest) -> bytes:
    """What was sent, to the letter; of a file its digest, so that no file is held in memory.

    refuses  NotMultipart, TooLarge
    """
    if request.path not in _LARGEST:
        return request.body
    try:
        found = [(name, file) for name, files in request.FILES.lists() for file in files]
    except RequestDataTooBig as large:
        raise TooLarge(most_bytes=most_bytes(request.path)) from large
    except (MultiPartParserError, SuspiciousOperation) as broken:
        raise NotMultipart from broken
    told = hashlib.sha256()
    for name, file in found:
        told.update(f"{name}\0{file.size}\0".encode())
        for part in file.chunks(_PART):
            told.update(part)
        file.seek(0)
    return told.digest()


def word_of(digest: str, kind: str, *, visitor: Visitor, purpose: str) -> str:
    """The word by which a picture goes along."""
    return signing.dumps([digest, kind], salt=_salt(visitor, purpose))


def named(words: Sequence[str], *, visitor: Visitor, purpose: str) -> list[tuple[str, str]]:
    """Digest and content type of pictures by their words.

    refuses  PictureUnknown
    """
    found = []
    for place, word in enumerate(words, start=1):
        try:
            digest, kind = signing.loads(word, salt=_salt(visitor, purpose))
        except signing.BadSignature as forged:
            raise PictureUnknown(place=place) from forged
        found.append((str(digest), str(kind)))
    return found


def _salt(visitor: Visitor, purpose: str) -> str:
    return f"api.picture:{purpose}:{visitor.person}"
