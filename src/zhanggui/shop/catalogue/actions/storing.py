"""Files of the media store: kept by their content in the home folder, so that equal files are one file."""

from __future__ import annotations

import hashlib

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import models, queries
from zhanggui.shop.catalogue.actions.placing import put_in_place
from zhanggui.shop.catalogue.actions.renditions import fault_of
from zhanggui.shop.catalogue.errors import FileNotAllowed
from zhanggui.shop.catalogue.rules import files
from zhanggui.shop.catalogue.rules.files import FileKind, FileType


def keep_file(*, content: bytes, kind: FileKind | None = None) -> str:
    """Keep a picture, film, 3D model or paper; its name in the media store, the same for the same content.

    kind     what it must be; any if None
    refuses  FileNotAllowed if it is another kind of file than it must be, too large, broken, or an SVG; for a picture
             also if it unpacks to more pixels than a shop needs
    """
    found = files.type_of(content)
    if found is None or (kind is not None and found.kind is not kind):
        reason = "drawing" if found is None and files.is_svg(content) else "type"
        raise FileNotAllowed(reason=reason, size_bytes=len(content))
    if len(content) > files.MOST_BYTES[found.kind]:
        raise FileNotAllowed(reason="size", size_bytes=len(content))
    if found.kind is FileKind.PICTURE and (fault := fault_of(content)):
        raise FileNotAllowed(reason=fault, size_bytes=len(content))
    return _keep(content, found)


def keep_drawing(*, svg: str) -> str:
    """Keep a drawing made by our own code; its name in the media store. Never call it with what somebody sent."""
    return _keep(svg.encode(), files.SVG)


def _keep(content: bytes, found: FileType) -> str:
    """Write the bytes first, whole or not at all, then the row that says they are there."""
    name = f"{hashlib.blake2b(content, digest_size=16).hexdigest()}.{found.ending}"
    path = queries.path_of(name)
    if not path.exists():
        put_in_place(content, path)
    _note(name=name, content_type=found.content_type, size_bytes=len(content))
    return name


@operation
def _note(*, name: str, content_type: str, size_bytes: int) -> None:
    row = models.File(name=name, content_type=content_type, size_bytes=size_bytes, kept_at=clock.now())
    models.File.objects.bulk_create([row], ignore_conflicts=True)
