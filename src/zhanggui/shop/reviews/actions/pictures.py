"""Pictures of the buyer's show: what they are is read from their bytes, and who took them where is left out."""

from __future__ import annotations

from zhanggui.base import pictures
from zhanggui.shop.reviews import queries, rules
from zhanggui.shop.reviews.errors import PictureNotAllowed
from zhanggui.shop.reviews.rules import Picture


def keep_picture(*, body: bytes) -> Picture:
    """Put a picture into the home folder, once, whole; what no review then shows is only an idle file.

    refuses  PictureNotAllowed if it is none that we take, broken, or too large
    """
    if len(body) > rules.LARGEST_PICTURE:
        raise PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)
    plain = pictures.plain(body)
    if plain is None:
        raise PictureNotAllowed(reason="kind", most=rules.LARGEST_PICTURE)
    return Picture(digest=pictures.keep(plain, folder=queries.folder()), kind=pictures.kind_of(plain))
