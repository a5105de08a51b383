"""Pictures that shoppers send: known by their bytes, freed of what tells about their maker, kept under their digest."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# Content type -> how a file of it begins, and what stands at its ninth byte.
KINDS: Final = {
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}
# What a picture needs to look as it does; place, time, camera and words are none of it.
_JPEG_KEPT: Final = frozenset((0xE0, 0xE2, 0xEE))
_PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYs acTL fcTL fdAT".split(),
)
_WEBP_KEPT: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_TOLD: Final = 0x0C
_START_OF_SCAN, _END_OF_IMAGE, _EXIF = 0xDA, 0xD9, 0xE1
_TURNED: Final = 0x0112
# The next marker behind a scan: stuffed bytes and restarts belong to the scan.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def kind_of(body: bytes) -> str:
    """The content type that a picture's first bytes say, whatever its name says; empty if it is none we take."""
    for kind, (start, ninth) in KINDS.items():
        if body.startswith(start) and body[8 : 8 + len(ninth)] == ninth:
            return kind
    return ""


def plain(body: bytes) -> bytes | None:
    """The same picture without where, when and with what it was taken, and without what hangs on behind its end.

    Only which way up it is stays. None if it is no picture we take, or a broken one.
    """
    parts = _PLAIN.get(kind_of(body))
    try:
        return parts(body) if parts else None
    except (struct.error, IndexError):
        return None


def keep(body: bytes, *, folder: Path) -> str:
    """Put a picture into a folder, once, whole, under its digest, which is returned."""
    digest = hashlib.sha256(body).hexdigest()
    path = place(digest, folder=folder)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Under another name first, so that nobody ever reads half a picture.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.replace(draft, path)
    return digest


def place(digest: str, *, folder: Path) -> Path:
    """Where a picture lies in a folder."""
    return folder / digest[:2] / digest


def _plain_jpeg(body: bytes) -> bytes | None:
    """Source  ITU-T T.81 annex B: segments of FF, marker, length (itself included), content."""
    kept, at = [body[:2]], 2
    while at < len(body):
        if body[at] != 0xFF:
            return None
        marker = body[at + 1]
        if marker == _END_OF_IMAGE:
            return b"".join((*kept, b"\xff\xd9"))
        (length,) = struct.unpack_from(">H", body, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(body):
            return None
        if marker == _START_OF_SCAN:
            following = _AFTER_SCAN.search(body, end)
            if following is None:
                return None
            end = following.start()
        if marker == _EXIF:
            kept.append(_way_up(body[at + 4 : end]))
        elif (not 0xE0 <= marker <= 0xEF and marker != 0xFE) or marker in _JPEG_KEPT:
            kept.append(body[at:end])
        at = end
    return None


def _way_up(exif: bytes) -> bytes:
    """An EXIF segment that says which way up the picture is and nothing else; empty if that is the usual way.

    source  EXIF 2.3 § 4.6: a TIFF header, then entries of tag, type, count, value; tag 0x0112 is 1 to 8
    """
    order = {b"II": "<", b"MM": ">"}.get(exif[6:8], "") if exif.startswith(b"Exif\0\0") else ""
    if not order or len(exif) < 16:
        return b""
    (first,) = struct.unpack_from(f"{order}I", exif, 10)
    if first + 8 > len(exif):
        return b""
    (entries,) = struct.unpack_from(f"{order}H", exif, 6 + first)
    for nth in range(min(entries, (len(exif) - 8 - first) // 12)):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, 8 + first + 12 * nth)
        if tag == _TURNED and 1 < value <= 8:
            told = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _TURNED, 3, 1, value, 0, 0)
            return b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    return b""


def _plain_png(body: bytes) -> bytes | None:
    """Source  PNG, third edition § 5: chunks of length, type, content, checksum; IHDR first, IEND last."""
    kept, at = [body[:8]], 8
    while at < len(body):
        length, name = struct.unpack_from(">I4s", body, at)
        end = at + 12 + length
        if end > len(body) or (at == 8) != (name == b"IHDR"):
            return None
        if name in _PNG_KEPT:
            kept.append(body[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    return None


def _plain_webp(body: bytes) -> bytes | None:
    """Source  RFC 9649 § 2: RIFF chunks of type, length, content, padded; bits 2 and 3 of VP8X say XMP, EXIF."""
    kept = [chunk for name, chunk in _riff(body) if name in _WEBP_KEPT]
    return b"".join((b"RIFF", struct.pack("<I", 4 + sum(map(len, kept))), b"WEBP", *kept)) if kept else None


def _riff(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(body):
        name, length = struct.unpack_from("<4sI", body, at)
        end = at + 8 + length + length % 2
        chunk = body[at:end]
        if name == b"VP8X" and length:
            chunk = chunk[:8] + bytes((chunk[8] & ~_WEBP_TOLD,)) + chunk[9:]
        yield name, chunk
        at = end


_PLAIN: Final = {"image/jpeg": _plain_jpeg, "image/png": _plain_png, "image/webp": _plain_webp}
