"""What advertising cost, and the files that said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.attribution import models
from zhanggui.insight.attribution.errors import NoSuchFile
from zhanggui.insight.attribution.rules import Refused, Source, Wrong
from zhanggui.insight.metrics.rules import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendFile:
    """A file of spend and what became of its lines.

    changed  days, channels and campaigns whose spend was new or another than before; `amount` is by how much
    """

    id: str
    name: str
    at: datetime
    line_count: int
    changed: int
    amount: Money
    refused_rows: int
    heads: tuple[str, ...]
    refused: tuple[Refused, ...]


def spend(shop: str, period: Period) -> dict[Source, Money]:
    """What each campaign cost in a period, in the shop's currency. Index insight_attribution_spend_once.

    refuses  NoSuchShop
    """
    currency = shops.shop(shop).currency
    rows = (
        models.Spend.objects.filter(shop=shop, day__gte=period.start, day__lt=period.end)
        .values_list("channel", "campaign")
        .annotate(minor=Sum("amount_minor"))
        .order_by("channel", "campaign")
    )
    return {Source(channel=channel, campaign=campaign): Money(minor, currency) for channel, campaign, minor in rows}


def spend_days(shop: str) -> tuple[date, date] | None:
    """The first and the last day of which a shop's spend is known. Index insight_attribution_spend_once."""
    days = models.Spend.objects.filter(shop=shop).order_by("day").values_list("day", flat=True)
    first = days.first()
    return (first, days.order_by("-day")[0]) if first else None


def files(shop: str, *, most: int = 50) -> tuple[SpendFile, ...]:
    """The files of a shop, the latest first. Index insight_attribution_latest."""
    currency = shops.shop(shop).currency
    return tuple(_file(row, currency) for row in models.File.objects.filter(shop=shop).order_by("-at", "id")[:most])


def file_of(id: str, *, shop: str) -> SpendFile:
    """One file with all its refused lines.

    refuses  NoSuchFile
    """
    row = models.File.objects.filter(pk=id, shop=shop).first()
    if row is None:
        raise NoSuchFile(id=id)
    return _file(row, shops.shop(shop).currency)


def _file(row: models.File, currency: str) -> SpendFile:
    return SpendFile(
        id=row.pk,
        name=row.name,
        at=row.at,
        line_count=row.line_count,
        changed=row.changed,
        amount=Money(row.amount_minor, currency),
        refused_rows=row.refused_rows,
        heads=tuple(row.heads),
        refused=tuple(
            Refused(line=line, fields=tuple(cells), wrong=Wrong(wrong)) for line, cells, wrong in row.refused
        ),
    )
