"""Pictures, films, models and papers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhanggui.base.home import shelf
from zhanggui.shop.catalogue import models
from zhanggui.shop.catalogue.errors import NoSuchFile, NoSuchProduct
from zhanggui.shop.catalogue.rules import Picture

_NAME: Final = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{2,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of the media store."""

    name: str
    path: Path
    content_type: str
    size_bytes: int


def picture(sku: str) -> Picture:
    """The drawing of a SKU. One statement. Primary keys.

    refuses  NoSuchProduct, also for a SKU that has no drawing
    """
    drawing = models.Drawing.objects.filter(
        pk__in=models.Variant.objects.filter(pk=sku).values("picture_version")
    ).first()
    if drawing is None:
        raise NoSuchProduct(sku=sku)
    return Picture(svg=drawing.svg, version=drawing.version)


def file(name: str) -> StoredFile:
    """A file of the media store. One statement. Primary key.

    refuses  NoSuchFile
    """
    row = models.File.objects.filter(pk=name).first() if _NAME.fullmatch(name) else None
    if row is None:
        raise NoSuchFile(name=name)
    return StoredFile(name=name, path=path_of(name), content_type=row.content_type, size_bytes=row.size_bytes)


def path_of(name: str) -> Path:
    """Where a file of the media store lies."""
    return shelf("media") / name[:2] / name
