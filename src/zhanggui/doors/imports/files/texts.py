"""Text files as UTF-8: which encoding they have, and a copy in UTF-8 if it is another."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhanggui.doors.imports.errors import EncodingUnclear, FileBroken

_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Bytes of Chinese as GB 2312 arranges it. Western text in an old encoding has single high bytes between letters.
_CHINESE = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_CHINESE_RATE = 0.8
# An order has a number, a moment and a price at least.
_FEWEST_CELLS = 3
_LOW = bytes(range(0x80))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text file that can be read as UTF-8.

    path      of the file itself or of its copy in UTF-8
    encoding  of the file as it came
    newlines  how many it has
    """

    path: Path
    encoding: str
    newlines: int


def as_utf8(path: Path, *, scratch: Path, encoding: str | None = None, fallback: str | None = None) -> Text:
    """The file as UTF-8; a copy is made only if it has another encoding.

    encoding  if a person said it
    fallback  what files of this kind had in their time, if they are neither UTF-8 nor Chinese
    refuses   FileBroken if it is empty or no text, EncodingUnclear
    """
    _see_that_it_is_text(path)
    found = encoding or _mark_of(path) or ("utf-8" if _reads(path, "utf-8") else None)
    if found is None:
        found = "gb18030" if _is_chinese(path) and _reads(path, "gb18030") else fallback
    if found is None:
        raise EncodingUnclear(path=str(path), line=_first_strange_line(path))
    try:
        if codecs.lookup(found).name == "utf-8":
            newlines = sum(block.count("\n") for block in _decoded(path, found))
            return Text(path=path, encoding="utf-8", newlines=newlines)
        return _copied(path, scratch=scratch, encoding=found)
    except (UnicodeDecodeError, LookupError) as wrong:
        raise FileBroken(path=str(path), reason=f"{found}: {wrong}") from wrong


def first_line(path: Path) -> str:
    """The first line that says something, as far as it can be read; what is neither UTF-8 nor Chinese becomes marks."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    encoding = next((found for mark, found in _MARKS if head.startswith(mark)), None)
    text = head.decode(encoding or "utf-8", errors="replace")
    if encoding is None and "\N{REPLACEMENT CHARACTER}" in text[:-4]:
        text = head.decode("gb18030", errors="replace")
    return next((line for line in text.splitlines() if line.strip()), "")


def is_parted_by_blanks(text: Text, *, delimiters: Sequence[str]) -> bool:
    """Whether cells stand apart by blanks, as tables of old programs do: the first line has no other delimiter."""
    with text.path.open(encoding="utf-8-sig") as file:
        first = next((line for line in file if line.strip()), "")
    return len(first.split()) >= _FEWEST_CELLS and not any(sign in first.strip() for sign in delimiters)


def with_commas(text: Text, *, scratch: Path) -> Text:
    """A copy, line by line, with a comma for every run of blanks."""
    copy = scratch / f"{text.path.name}.commas"
    with text.path.open(encoding="utf-8-sig") as lines, copy.open("w", encoding="utf-8", newline="") as file:
        file.writelines(",".join(line.split()) + "\n" for line in lines)
    return Text(path=copy, encoding=text.encoding, newlines=text.newlines)


def _see_that_it_is_text(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head.strip():
        raise FileBroken(path=str(path), reason="empty")
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileBroken(path=str(path), reason="binary")


def _mark_of(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(4)
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _reads(path: Path, encoding: str) -> bool:
    try:
        for _ in _decoded(path, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(path: Path) -> bool:
    high = pairs = 0
    for block in _blocks(path):
        high += len(block.translate(None, _LOW))
        pairs += len(_CHINESE.findall(block))
    return 2 * pairs >= high * _CHINESE_RATE


def _first_strange_line(path: Path) -> int:
    decoder = codecs.getincrementaldecoder("utf-8")()
    passed = 1
    for block in _blocks(path):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as wrong:
            return passed + block[: wrong.start].count(b"\n")
        passed += block.count(b"\n")
    return passed


def _copied(path: Path, *, scratch: Path, encoding: str) -> Text:
    copy = scratch / f"{path.name}.utf-8"
    newlines = 0
    with copy.open("w", encoding="utf-8", newline="") as file:
        for block in _decoded(path, encoding):
            newlines += block.count("\n")
            file.write(block)
    return Text(path=copy, encoding=encoding, newlines=newlines)


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in _blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
