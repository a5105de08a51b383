"""Pictures of returned goods: what they are is read from their bytes, and they lie under their digest."""

from __future__ import annotations

from zhanggui.base import pictures
from zhanggui.shop.returns import queries, rules
from zhanggui.shop.returns.errors import PictureNotAllowed
from zhanggui.shop.returns.rules import Kept


def keep_picture(*, body: bytes) -> Kept:
    """Put a picture into the home folder, once, whole; what no return then shows is only an idle file.

    refuses  PictureNotAllowed if it is none that we take, or too large
    """
    if len(body) > rules.LARGEST_PICTURE:
        raise PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)
    kind = pictures.kind_of(body)
    if not kind:
        raise PictureNotAllowed(reason="kind", most=rules.LARGEST_PICTURE)
    return Kept(digest=pictures.keep(body, folder=queries.picture_folder()), kind=kind)
