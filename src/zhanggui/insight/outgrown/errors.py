"""Refusals and failures of what is outgrown."""

from __future__ import annotations

from pathlib import Path

from zhanggui.base.errors import Refused, Unreachable


class AnotherDisk(Unreachable):
    """Published tables refer to the lake's files by a second name, which only one disk can hold: put both on one."""

    path: Path
    reason: str


class ExtraMissing(Unreachable):
    """What this needs is not installed: pip install 'zhanggui[outgrown]'."""

    package: str


class CannotTranslate(Refused):
    """A question is written in words that the other engine has not been taught; nothing was asked."""

    engine: str
    words: str
