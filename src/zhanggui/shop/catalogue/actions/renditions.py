"""Pictures looked at as pictures: whether they are whole, and smaller ones made of them."""

from __future__ import annotations

import io
from typing import Final

from PIL import ExifTags, Image, ImageOps

from zhanggui.shop.catalogue import queries
from zhanggui.shop.catalogue.actions.placing import put_in_place
from zhanggui.shop.catalogue.errors import NoSuchFile
from zhanggui.shop.catalogue.queries import StoredFile
from zhanggui.shop.catalogue.rules import renditions

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
_LYING: Final = frozenset({5, 6, 7, 8})
_QUALITY: Final = 80
# How Pillow says that it cannot go on with a picture.
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError)


def fault_of(content: bytes) -> str:
    """What is wrong with a picture, as a code: broken, pixels (it unpacks to more than we take); empty if nothing is.

    Its head is read before anything is unpacked, so a bomb costs nothing.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > renditions.MOST_PIXELS or max(picture.size) > renditions.MOST_SIDE:
                return "pixels"
            picture.load()
    except Image.DecompressionBombError:
        return "pixels"
    except _BROKEN:
        return "broken"
    return ""


def rendition(*, name: str) -> StoredFile:
    """A smaller rendition of a picture, made the first time that somebody asks for it.

    No statement but for the first. Two who ask first at once make the same bytes and put them in the same place.

    refuses  NoSuchFile, also for a picture that cannot be read any more
    """
    said = renditions.asked(name)
    if said is None:
        raise NoSuchFile(name=name)
    path = queries.path_of(name)
    if not path.exists():
        original, width = said
        try:
            put_in_place(_smaller(queries.file(original).path.read_bytes(), width=width), path)
        except _BROKEN as broken:
            raise NoSuchFile(name=name) from broken
    return StoredFile(name=name, path=path, content_type=renditions.CONTENT_TYPE, size_bytes=path.stat().st_size)


def _smaller(content: bytes, *, width: int) -> bytes:
    """The picture as WebP, upright and no wider; a JPEG is unpacked at the nearest fraction of its size."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        profile = picture.info.get("icc_profile")
        is_lying = picture.getexif().get(ExifTags.Base.Orientation) in _LYING
        picture.thumbnail((renditions.MOST_SIDE, width) if is_lying else (width, renditions.MOST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        smaller = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    made = io.BytesIO()
    smaller.save(made, "WEBP", quality=_QUALITY, icc_profile=profile)
    return made.getvalue()
