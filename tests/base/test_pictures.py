"""Pictures: what they are is read from their bytes, and nothing of who took them where is left."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import pictures

PLACE = b"GPS 30.2741 120.1551"
SCAN = b"\xff\xda\x00\x04\x01\x02" + b"data\xff\x00data\xff\xd0data"


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def an_exif(turned: int) -> bytes:
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, turned, 0)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + b"\0\0\0\0" + PLACE


def a_jpeg(turned: int = 1) -> bytes:
    told = segment(0xE1, an_exif(turned)) + segment(0xFE, PLACE) + segment(0xED, PLACE)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + told + segment(0xDB, b"table") + SCAN + b"\xff\xd9" + PLACE


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def a_png() -> bytes:
    told = chunk(b"tEXt", PLACE) + chunk(b"eXIf", PLACE)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"0" * 13) + told + chunk(b"IDAT", b"x") + chunk(b"IEND", b"") + PLACE


def a_webp() -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    parts = part(b"VP8X", b"\x0c" + b"\0" * 9) + part(b"VP8 ", b"odd") + part(b"EXIF", PLACE) + part(b"XMP ", PLACE)
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html><script>", ""),
        (b"GIF89a", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_what_its_bytes_say(body: bytes, kind: str) -> None:
    assert pictures.kind_of(body) == kind


@pytest.mark.parametrize("body", [a_jpeg(), a_jpeg(6), a_png(), a_webp()])
def test_nothing_is_left_of_where_and_by_whom_it_was_taken(body: bytes) -> None:
    plain = pictures.plain(body)
    assert plain is not None
    assert PLACE in body and PLACE not in plain
    assert pictures.kind_of(plain) == pictures.kind_of(body)
    assert pictures.plain(plain) == plain


def test_which_way_up_it_is_stays() -> None:
    turned, upright = pictures.plain(a_jpeg(6)), pictures.plain(a_jpeg(1))
    assert turned is not None and upright is not None
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in turned
    assert b"Exif" not in upright
    assert SCAN in turned


def test_a_webp_says_no_longer_that_it_tells_something() -> None:
    plain = pictures.plain(a_webp())
    assert plain is not None and plain[20] == 0
    assert struct.unpack_from("<I", plain, 4) == (len(plain) - 8,)


@pytest.mark.parametrize("body", [a_jpeg()[:40], a_png()[:40], b"\xff\xd8\xff\xe0", b"GIF89a", b"<svg/>", b""])
def test_what_is_broken_or_no_picture_is_none(body: bytes) -> None:
    assert pictures.plain(body) is None


@given(st.binary(max_size=200), st.sampled_from([a_jpeg(3), a_png(), a_webp()]), st.integers(3, 60))
def test_no_bytes_bring_it_to_a_fall(noise: bytes, body: bytes, at: int) -> None:
    pictures.plain(body[:at] + noise + body[at + len(noise) :])


def test_a_picture_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    digest = pictures.keep(b"picture", folder=tmp_path)
    assert pictures.keep(b"picture", folder=tmp_path) == digest
    assert pictures.place(digest, folder=tmp_path).read_bytes() == b"picture"
    assert len(list(tmp_path.rglob("*"))) == 2
