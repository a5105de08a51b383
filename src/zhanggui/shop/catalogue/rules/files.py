"""What may be kept in the media store: known by its content, never by its name."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

MEGABYTE: Final = 1_000_000


class FileKind(StrEnum):
    """What a file is to the shop."""

    PICTURE = "picture"
    VIDEO = "video"
    MODEL = "model"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """A type of file that the shop shows.

    ending  of its name
    """

    kind: FileKind
    ending: str
    content_type: str


MOST_BYTES: Final = {
    FileKind.PICTURE: 5 * MEGABYTE,
    FileKind.VIDEO: 60 * MEGABYTE,
    FileKind.MODEL: 15 * MEGABYTE,
    FileKind.PAPER: 10 * MEGABYTE,
}
JPEG: Final = FileType(kind=FileKind.PICTURE, ending="jpg", content_type="image/jpeg")
PNG: Final = FileType(kind=FileKind.PICTURE, ending="png", content_type="image/png")
WEBP: Final = FileType(kind=FileKind.PICTURE, ending="webp", content_type="image/webp")
AVIF: Final = FileType(kind=FileKind.PICTURE, ending="avif", content_type="image/avif")
SVG: Final = FileType(kind=FileKind.PICTURE, ending="svg", content_type="image/svg+xml")
MP4: Final = FileType(kind=FileKind.VIDEO, ending="mp4", content_type="video/mp4")
WEBM: Final = FileType(kind=FileKind.VIDEO, ending="webm", content_type="video/webm")
GLB: Final = FileType(kind=FileKind.MODEL, ending="glb", content_type="model/gltf-binary")
GLTF: Final = FileType(kind=FileKind.MODEL, ending="gltf", content_type="model/gltf+json")
PDF: Final = FileType(kind=FileKind.PAPER, ending="pdf", content_type="application/pdf")
TYPES: Final = {t.ending: t for t in (JPEG, PNG, WEBP, AVIF, SVG, MP4, WEBM, GLB, GLTF, PDF)}

_STARTS: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"\x1aE\xdf\xa3", WEBM), (b"%PDF-", PDF))
_MP4_BRANDS: Final = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ")


def type_of(content: bytes) -> FileType | None:
    """The type of a file by what it holds; None if the shop does not show such files, or if it is broken.

    An SVG is None: it can carry scripts, so only drawings of our own are shown.
    """
    known = next((kind for start, kind in _STARTS if content.startswith(start)), None)
    if known:
        return known
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return AVIF if content[8:12] == b"avif" else MP4 if content[8:12] in _MP4_BRANDS else None
    if content[:4] == b"glTF":
        return GLB if _is_glb(content) else None
    return GLTF if content.lstrip()[:1] == b"{" and _is_scene(content) else None


def is_svg(content: bytes) -> bool:
    """Whether a file is a drawing of the web, which may carry scripts."""
    return b"<svg" in content[:4096].lower()


def _is_glb(content: bytes) -> bool:
    """Whether the length that the header says is the length that there is, and the first chunk describes a scene.

    source   glTF 2.0 § 4.4: 12 bytes of header (magic, version, length), then chunks of length, type, content
    """
    if len(content) < 20:
        return False
    version, length = struct.unpack_from("<II", content, 4)
    chunk_length, chunk_type = struct.unpack_from("<I4s", content, 12)
    if (version, length, chunk_type) != (2, len(content), b"JSON") or chunk_length > length - 20:
        return False
    return _is_scene(content[20 : 20 + chunk_length])


def _is_scene(text: bytes) -> bool:
    """Whether a glTF document says its version and loads nothing from elsewhere."""
    try:
        scene: Any = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return False
    if not isinstance(scene, dict) or not isinstance(scene.get("asset"), dict):
        return False
    loaded = [part for name in ("buffers", "images") for part in _list(scene.get(name)) if isinstance(part, dict)]
    is_whole = all(str(part.get("uri", "data:")).startswith("data:") for part in loaded)
    return str(scene["asset"].get("version", "")).startswith("2.") and is_whole


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
