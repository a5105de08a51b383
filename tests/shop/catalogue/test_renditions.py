"""Pictures: taken only if they are whole and of a sensible size, and shown as small as a screen needs them."""

from __future__ import annotations

import io
import shutil
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from zhanggui.base.home import shelf
from zhanggui.shop.catalogue import actions
from zhanggui.shop.catalogue.errors import FileNotAllowed, NoSuchFile
from zhanggui.shop.catalogue.rules import renditions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store")]


@pytest.fixture
def empty_store() -> Iterator[None]:
    shutil.rmtree(shelf("media"))
    yield
    shutil.rmtree(shelf("media"), ignore_errors=True)


def a_picture(kind: str = "JPEG", *, size: tuple[int, int] = (1600, 1200), mode: str = "RGB", **said: Any) -> bytes:
    made = io.BytesIO()
    drawn = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "LA":
        drawn.putalpha(128)
    drawn.save(made, kind, **said)
    return made.getvalue()


def a_bomb(width: int, height: int) -> bytes:
    """A PNG whose head says how large it is, and whose body is not there."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(actions.rendition(name=name).path.read_bytes()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_told_in_three_widths_and_once_made_stays(kind: str) -> None:
    names = renditions.names_of(actions.keep_file(content=a_picture(kind)))

    assert [opened(name).size for name in names.values()] == [(320, 240), (640, 480), (1280, 960)]
    first = actions.rendition(name=names[320])
    first.path.write_bytes(b"kept")
    assert actions.rendition(name=names[320]).path.read_bytes() == b"kept"


def test_what_was_taken_lying_down_stands_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    names = renditions.names_of(actions.keep_file(content=a_picture(exif=exif)))

    assert opened(names[320]).size == (320, 427)


def test_what_can_be_seen_through_stays_so_and_what_is_small_is_not_made_larger() -> None:
    names = renditions.names_of(actions.keep_file(content=a_picture("PNG", size=(200, 100), mode="LA")))

    assert (opened(names[640]).mode, opened(names[640]).size) == ("RGBA", (200, 100))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (a_picture()[:3000], "broken"),
        (a_picture("PNG")[:3000], "broken"),
        (b"\xff\xd8\xff" + b"no picture", "broken"),
        (a_bomb(50_000, 50_000), "pixels"),
        (a_bomb(30_000, 500), "pixels"),
        (a_bomb(400, 300), "broken"),
    ],
)
def test_what_is_no_whole_picture_or_a_bomb_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileNotAllowed) as refused:
        actions.keep_file(content=content)

    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["", "x", f"{'a' * 32}.jpg", f"{'a' * 32}.jpg-641.webp", f"{'a' * 32}.svg-640.webp"])
def test_no_rendition_is_made_of_what_nobody_kept_or_in_a_width_nobody_needs(name: str) -> None:
    with pytest.raises(NoSuchFile):
        actions.rendition(name=name)


@given(st.binary(min_size=16, max_size=16), st.sampled_from(["jpg", "png", "webp", "avif"]))
def test_every_rendition_names_its_picture_and_its_width(digest: bytes, ending: str) -> None:
    name = f"{digest.hex()}.{ending}"
    said = {width: renditions.asked(each) for width, each in renditions.names_of(name).items()}

    assert said == {width: (name, width) for width in renditions.WIDTHS}


@pytest.mark.parametrize("ending", ["svg", "mp4", "glb", "pdf"])
def test_what_is_no_photograph_has_no_renditions(ending: str) -> None:
    assert renditions.names_of(f"{'a' * 32}.{ending}") == {}
