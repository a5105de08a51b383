"""Shops that run elsewhere, as their files tell of them: what a file does not know is not taken for a fact."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.doors.imports.made import a_csv, a_shop, take_events, take_orders
from tests.insight.metrics.events import utc
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console.funnelling import usual_steps
from zhanggui.doors.console.scope import scope_of

HEADER = "at,who,what,sku"
# Six people come on the first of May; three are there again on the second, the last day that the file knows.
VISITS = (
    *(f"2015-05-01 10:00:00,{person},view,pot" for person in range(6)),
    *(f"2015-05-02 10:00:00,{person},view,pot" for person in range(3)),
)
DAYS = (date(2015, 5, 1), date(2015, 5, 2))


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
def test_who_could_not_come_back_any_more_is_not_counted_as_lost(tmp_path: Path, owner: Client) -> None:
    take_events(a_csv(tmp_path / "e.csv", *VISITS, header=HEADER), "at=at,person=who,event=what,sku=sku")
    page = owner.get(reverse("console:retention") + "?shop=tea&period=all&step=day")
    next_day, next_week, _ = (card.cell for card in page.context["head"])
    assert (next_day.count, next_day.of) == (3, 6)
    assert next_week is None or next_week.of == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
def test_a_shop_whose_visitors_nobody_knows_shows_who_orders_again(tmp_path: Path, owner: Client) -> None:
    orders = ("A1,2026-01-05,pot,1,20,c1,", "A2,2026-01-06,pot,1,20,c1,", "A3,2026-01-05,cup,1,5,c2,")
    take_orders(a_csv(tmp_path / "f.csv", *orders))
    address = reverse("console:retention") + "?shop=tea&period=all&step=day"
    next_day = owner.get(address).context["head"][0].cell
    assert (next_day.count, next_day.of) == (1, 2)
    assert owner.get(f"{address}&begin=first_visit").context["question"].begin == "first_visit"


ASKED = [
    (ShopKind.IMPORTED, DAYS, "2015-05-02T16:00:00+00:00"),
    (ShopKind.IMPORTED, (DAYS[0], date(2026, 5, 7)), "2026-05-07T04:00:00+00:00"),
    (ShopKind.IMPORTED, None, "2026-05-07T04:00:00+00:00"),
    (ShopKind.OWN, DAYS, "2026-05-07T04:00:00+00:00"),
]


@pytest.mark.parametrize(("kind", "days", "at"), ASKED)
def test_the_moment_of_asking_is_no_later_than_what_the_files_know(
    kind: ShopKind, days: tuple[date, date] | None, at: str
) -> None:
    scope = scope_of(QueryDict(""), shop=a_shop(kind=kind), days=days, at=utc("2026-05-07T04:00"))
    assert scope.at.isoformat() == at


STEPS = [
    (["Product Viewed", "Product Added", "Order Completed"], ("Product Viewed", "Product Added", "Order Completed")),
    (
        ["Product Viewed", "Order Completed", "shop.order_placed"],
        ("Product Viewed", "shop.order_placed"),
    ),
    (["Tea Tasted", "Order Completed"], ("Tea Tasted", "Order Completed")),
]


@pytest.mark.parametrize(("happened", "steps"), STEPS)
def test_a_shop_without_orders_ends_its_funnel_with_the_visitors_word(
    happened: list[str], steps: tuple[str, ...]
) -> None:
    assert usual_steps([(event, 1) for event in happened]) == steps
