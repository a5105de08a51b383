"""From when to when a shop has anything to count."""

from __future__ import annotations

from datetime import date

import pytest

from tests.insight.metrics.events import a_shop, an_event, bought, line, remember
from zhanggui.insight.metrics import queries

pytestmark = [pytest.mark.django_db, pytest.mark.tables("orders", "visits")]


def test_the_day_somebody_imported_a_file_is_no_day_of_its_sales(lake_folder) -> None:
    shop = a_shop(own=False)
    remember(
        shop,
        bought("T1", "2011-03-01T03:00", line("tea", 1, 1000), person="ann"),
        bought("T2", "2011-12-09T03:00", line("tea", 1, 1000), person="ann"),
        an_event("insight.orders_imported", "2026-11-22T03:00"),
    )
    assert queries.days("acme") == (date(2011, 3, 1), date(2011, 12, 9))


def test_a_shop_in_which_nothing_happened_has_no_days(lake_folder) -> None:
    a_shop()
    assert queries.days("acme") is None


def test_the_days_grow_with_what_comes(lake_folder) -> None:
    shop = a_shop()
    remember(shop, bought("T1", "2026-03-01T03:00", line("tea", 1, 1000), person="ann"))
    assert queries.days("acme") == (date(2026, 3, 1), date(2026, 3, 1))
    remember(shop, an_event("Page", "2026-03-05T03:00", person="bob"))
    assert queries.days("acme") == (date(2026, 3, 1), date(2026, 3, 5))
