"""A flash sale in the browser: the countdown, the button that comes by itself, sold out, and what is left goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.growth.flash.made import a_pick, a_sale, item, promised
from tests.journeys.by_and_by import time_passes
from tests.journeys.shopper import PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.base import clock
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.flash import models, queries
from zhanggui.shop.orders import queries as orders
from zhanggui.supply.stock import queries as stock

HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A phone whose clock is two hours fast, and can be made to run; nobody waits so that not all come at once.
OTHER_CLOCK = """
const [now, origin] = [Date.now, performance.timeOrigin];
let skipped = 0;
Date.now = () => now() + 7200000 + skipped;
Object.defineProperty(performance, "timeOrigin", { get: () => origin + 7200000 });
Math.random = () => 0;
window.anHourPasses = () => { skipped += 3600000; };
"""


def the_sale_is(id: str, *, starts_in: timedelta, ends_in: timedelta) -> None:
    """Its time has come, or has passed."""
    now = clock.now()
    span = {"starts_at": now + starts_in, "ends_at": now + ends_in}
    models.Item.objects.filter(sale=id).update(**span)
    models.Sale.objects.filter(pk=id).update(**span)
    queries.forget()


def test_a_flash_sale_opens_by_the_server_s_clock_sells_out_and_gives_back_what_is_left(
    shopper: Callable[[Screen], Shopper],
) -> None:
    someone = shopper(Screen(size=PHONE, language="zh"))
    other = shopper(Screen(size=PHONE, language="en", has_scripts=False))
    someone.context.add_init_script(OTHER_CLOCK)
    sale = a_sale(a_pick("CUP", units=1), a_pick("BOWL", units=4), starts_in=HOUR)
    queries.forget()

    someone.opens("/flash/")
    assert someone.page.locator(".flash-card.is-coming").count() == 2
    assert someone.reads("[data-flash-digits]").startswith(("00:59:", "01:00:00"))
    assert someone.page.locator(".flash-card form").count() == 0
    someone.shows("flash-coming")

    # The page loads itself again when the moment has come; what the server says then counts.
    the_sale_is(sale, starts_in=timedelta(0), ends_in=2 * HOUR)
    someone.page.evaluate("anHourPasses()")
    someone.page.locator(".flash-card.is-on button").first.click()
    someone.page.wait_for_url("**/checkout/")
    assert "-¥20.00" in someone.sums()
    assert "¥51.90" in someone.reads(".sum-total")
    someone.shows("flash-checkout")
    number = someone.orders_and_pays()
    order = orders.order_for_staff(made.SHOP, number)
    assert (order.goods, order.total) == (made.cny(3990), made.cny(3990) + made.POSTAGE)
    assert (item(sale).left_units, item(sale, "BOWL").left_units) == (0, 4)

    queries.forget()
    other.opens("/flash/")
    assert other.page.locator(".flash-card.is-on form").count() == 1
    assert other.page.locator(".flash-card.is-sold_out form").count() == 0
    other.shows("flash-gone")
    other.presses(".flash-card.is-sold_out .flash-title a")
    assert other.path == "/p/CUP/"
    assert other.page.locator(".flash-block.is-sold_out").is_visible()
    assert other.page.locator(".flash-block form").count() == 0
    assert "CN¥59.90" in other.reads(".offer-price")
    other.shows("flash-gone-product")

    assert stock.free(["BOWL"]) == {"BOWL": 6}
    the_sale_is(sale, starts_in=-2 * HOUR, ends_in=timedelta(0))
    time_passes(flash.every_minute)
    assert (promised(sale, "BOWL"), stock.free(["BOWL", "CUP"])) == (0, {"BOWL": 10, "CUP": 9})
    other.opens("/flash/")
    assert other.page.locator(".flash-card.is-over").count() == 2
    other.shows("flash-over")
