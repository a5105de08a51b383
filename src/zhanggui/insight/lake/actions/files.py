"""Files that stand whole or not at all, whatever happens to the machine."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from zhanggui.base.errors import Unreachable
from zhanggui.insight.lake.errors import LakeFull, LakeUnwritable

DRAFT = ".draft"
_FULL = {errno.ENOSPC, errno.EDQUOT}


def keep(path: Path, payload: memoryview) -> None:
    """Write a file durably: under another name first, on the disk before it gets its own.

    refuses  LakeFull, LakeUnwritable; then no file is left
    """
    draft = draft_of(path)
    try:
        make_folder(path.parent)
        _write(draft, payload)
        _rename(draft, path)
    except OSError as error:
        discard([draft, path])
        raise failure(error, path=path, wanted_bytes=len(payload)) from error


def settle(path: Path) -> int:
    """Make a finished draft durable and give it its name; its size in bytes.

    refuses  LakeFull, LakeUnwritable; then no file is left
    """
    draft = draft_of(path)
    size_bytes = draft.stat().st_size
    try:
        _sync(draft)
        _rename(draft, path)
    except OSError as error:
        discard([draft, path])
        raise failure(error, path=path, wanted_bytes=size_bytes) from error
    return size_bytes


def draft_of(path: Path) -> Path:
    """What a file is called until it is whole."""
    return path.with_suffix(DRAFT)


def discard(paths: Iterable[Path]) -> None:
    """Take files away that nobody was told of; one that cannot be taken away is left to the sweep."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def make_folder(folder: Path) -> None:
    """Have that folder, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync(folder.parent)


def failure(error: OSError, *, path: Path, wanted_bytes: int) -> Unreachable:
    """What the operating system's refusal means to the lake."""
    if error.errno in _FULL:
        return LakeFull(path=path, wanted_bytes=wanted_bytes)
    return LakeUnwritable(path=path, wanted_bytes=wanted_bytes, reason=error.strerror or str(error))


def _write(draft: Path, payload: memoryview) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        rest = payload
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _rename(draft: Path, path: Path) -> None:
    draft.rename(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
