"""One search for everything: pages, numbers, orders, products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope
from zhanggui.doors.console.shell import Link, shell_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import METRICS, Cut, Metric

MOST_OF_A_KIND: Final = 12
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product that was found, and the scope of its numbers."""

    sku: str
    name: str
    scope: Scope


@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def search(request: ConsoleRequest) -> HttpResponse:
    """What has the words in its name; orders by the start of their number, products by SKU or title."""
    wanted = request.GET.get("q", "").strip()[:_LONGEST]
    found: dict[str, Any] = {}
    if wanted:
        shop = request.scope.shop.code
        found = {
            "pages": _pages(request, wanted),
            "numbers": _numbers(wanted) if request.operator.may(Right.SEE_NUMBERS) else (),
            "orders": metrics.orders_numbered(shop, wanted, limit=MOST_OF_A_KIND),
            "products": _products(request, wanted),
        }
    return show(request, "console/search.html", wanted=wanted, is_empty=not any(found.values()), **found)


def _pages(request: ConsoleRequest, wanted: str) -> list[Link]:
    shell = shell_of(request.operator, route="", scope=request.scope)
    links = (link for corner in shell.corners for link in corner.links)
    return [link for link in links if wanted.lower() in str(link.name).lower()]


def _numbers(wanted: str) -> list[tuple[Metric, str]]:
    low = wanted.lower()
    found = [one for one in METRICS.values() if low in " ".join((one.key, one.name_zh, one.name_en)).lower()]
    return [(one, one.name(words.language())) for one in found[:MOST_OF_A_KIND]]


def _products(request: ConsoleRequest, wanted: str) -> list[Product]:
    found = metrics.listings_like(request.scope.shop.code, wanted, limit=MOST_OF_A_KIND)
    return [
        Product(sku=one.sku, name=one.name(words.language()), scope=request.scope.only(Cut.SKU, one.sku))
        for one in found
    ]
