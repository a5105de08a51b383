"""Files told in parts: films are only played by some phones if a server tells the piece that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_ASKED: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE | re.ASCII)
_AT_ONCE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a file: its first byte, and how many they are."""

    start: int
    size_bytes: int

    @property
    def last(self) -> int:
        """The last byte that belongs to it."""
        return self.start + self.size_bytes - 1


def span_of(asked: str, *, size_bytes: int) -> Span | None:
    """The part of a file that a Range header asks for; None if it is to be told whole.

    What is not understood, and more than one part, is told whole. A part that the file does not have is one of no
    bytes.

    source  RFC 9110 § 14.1.2; of 1000 bytes: bytes=0-99 -> 0, 100; bytes=900- -> 900, 100; bytes=-50 -> 950, 50;
            bytes=990-2000 -> 990, 10; bytes=1000- -> no bytes
    """
    found = _ASKED.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        size = min(int(last), size_bytes)
        return Span(start=size_bytes - size, size_bytes=size)
    start, end = int(first), int(last) if last else size_bytes - 1
    if last and end < start:
        return None
    return Span(start=start, size_bytes=max(0, min(end, size_bytes - 1) - start + 1))


def told(
    path: Path, *, name: str, content_type: str, size_bytes: int, method: str, asked: Mapping[str, str]
) -> HttpResponseBase:
    """A file, or the part of it that is asked for: 200, 206, 304 or 416.

    name     of its content: another content has another name, so it is the file's ETag
    method   GET or HEAD
    asked    the headers of the request
    refuses  FileNotFoundError
    """
    tag = f'"{name}"'
    if tag in (each.strip().removeprefix("W/") for each in asked.get("If-None-Match", "").split(",")):
        return _marked(HttpResponse(status=304), tag)
    if method == "HEAD":
        return _marked(HttpResponse(content_type=content_type, headers={"Content-Length": str(size_bytes)}), tag)
    # Whoever has a part of another content gets this one whole; by a date nothing is known to be the same.
    is_part = asked.get("If-Range", tag).strip() == tag
    span = span_of(asked.get("Range", ""), size_bytes=size_bytes) if is_part else None
    if span is None:
        return _marked(FileResponse(path.open("rb"), content_type=content_type), tag)
    if not span.size_bytes:
        nothing = HttpResponse(status=416)
        nothing.headers["Content-Range"] = f"bytes */{size_bytes}"
        return _marked(nothing, tag)
    part = StreamingHttpResponse(_Part(path.open("rb"), span), status=206, content_type=content_type)
    part.headers["Content-Length"] = str(span.size_bytes)
    part.headers["Content-Range"] = f"bytes {span.start}-{span.last}/{size_bytes}"
    return _marked(part, tag)


def _marked(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    return response


class _Part:
    """The bytes of a part, a piece at a time; whoever tells it closes it, read to its end or not."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        self._file, self._span = file, span

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.start)
        left = self._span.size_bytes
        while left and (piece := self._file.read(min(left, _AT_ONCE_BYTES))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
