"""A small shop to be filled, and what filling may change in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from zhanggui.doors.rehearsal import actions
from zhanggui.doors.rehearsal.actions import FillReport
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.catalogue import models
from zhanggui.shop.reviews.models import Review
from zhanggui.spine.log.models import Entry

NOW: Final = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SIZES: Final = {"days": 50, "sightings": 9_000, "orders": 300}


def fill() -> FillReport:
    return actions.fill(shop="demo", **SIZES)


def events(report: FillReport) -> object:
    return lake.events("demo", report.first_day, report.last_day + timedelta(days=1))


def state() -> tuple[object, ...]:
    """What filling may change."""
    products = models.Product.objects.order_by("pk").values_list("pk", "low_minor", "sold_units", "rating_sum")
    return (
        list(products),
        models.Category.objects.count(),
        Review.objects.count(),
        Entry.objects.count(),
        lake.ops("demo").rows,
        lake.version("demo"),
    )
