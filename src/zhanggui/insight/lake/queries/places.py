"""Where the lake's files lie. A file's name is its id in the manifest."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from uuid import UUID

from zhanggui.base.home import shelf

_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")


def lake() -> Path:
    """The folder of all shops."""
    return shelf("lake")


def day_folder(*, shop: str, day: date) -> Path:
    """The folder of a shop's business day."""
    return shop_folder(shop) / f"day={day.isoformat()}"


def segment_path(*, shop: str, day: date, id: UUID) -> Path:
    """One file of events."""
    return day_folder(shop=shop, day=day) / f"{id}.parquet"


def rollup_path(*, shop: str, name: str, id: UUID) -> Path:
    """One file of a daily table."""
    return rollup_folder(shop=shop, name=name) / f"{id}.parquet"


def rollup_folder(*, shop: str, name: str) -> Path:
    """The folder of a daily table."""
    return shop_folder(shop) / f"rollup={name}"


def shop_folder(shop: str) -> Path:
    """The folder of a shop; a code that could lead out of the lake is a bug."""
    if not _CODE.match(shop):
        raise ValueError(f"a shop's code is made of letters, digits, - and _, not {shop!r}")
    return lake() / shop
