"""What an installation needs that has outgrown one machine: loaded only where it is asked for, because it is large."""

from __future__ import annotations

import importlib
from typing import Any

from django.conf import settings

from zhanggui.base.jobs.actions import Job
from zhanggui.insight.lake.ports import Engine
from zhanggui.insight.lake.queries.answering import DUCKDB

_SHELF = "zhanggui.insight.outgrown"


def engines() -> dict[str, Engine]:
    """The engine that LAKE_ENGINE names, if it is another than DuckDB."""
    if settings.LAKE_ENGINE == DUCKDB:
        return {}
    engine: Any = importlib.import_module(f"{_SHELF}.queries.{settings.LAKE_ENGINE}")
    return {settings.LAKE_ENGINE: engine}


def jobs() -> tuple[Job, ...]:
    """Publishing every night, if LAKE_PUBLISHED says so."""
    if not settings.LAKE_PUBLISHED:
        return ()
    found: tuple[Job, ...] = importlib.import_module(f"{_SHELF}.handlers").jobs
    return found
