"""Numbers, search, shops, imports and the state of the house."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import get_resolver

from tests.doors.console.conftest import WEEK
from tests.doors.console.test_cockpit import text_of
from tests.insight.metrics.events import a_shop, listed, remember, utc
from zhanggui.base.accounts.rules import Role
from zhanggui.base.jobs import queries as queue
from zhanggui.base.jobs.models import Failure
from zhanggui.insight.metrics.rules import METRICS
from zhanggui.insight.sources import models as sources
from zhanggui.spine.relay.models import Cursor

pytestmark = pytest.mark.django_db


def rows_of(response) -> list[str]:
    body = re.search(r"(?s)<tbody>(.*?)</tbody>", response.content.decode())[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if row.strip()]


def test_every_number_stands_with_its_meaning_and_its_figure(acme, owner):
    rows = rows_of(owner.get(f"/console/numbers/?{WEEK}"))

    assert len(rows) == len(METRICS)
    assert any(row.startswith("Page views pv 8") and "bots left out" in row for row in rows)
    assert any(row.startswith("GMV paid gmv_paid CN¥75.00 CN¥60.00 ▲ +25.0%") for row in rows)


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("gmv_paid/?by=region", ["north CN¥55.00 73.3% CN¥10.00 ▲ +450.0%", "south CN¥20.00 26.7% CN¥50.00 ▼ −60.0%"]),
        ("uv/?by=device", ["Desktop 2 0", "Phone 1 0"]),
        ("units/?by=category", ["leaf 5 71.4% 1 ▲ +400.0%", "ware 2 28.6% 1 ▲ +100.0%"]),
        (
            "gmv_paid/?by=week",
            [
                "week from May 4, 2026 not over or cut short CN¥20.00 CN¥60.00",
                "week from Apr 27, 2026 not over or cut short CN¥55.00 CN¥0.00",
            ],
        ),
    ],
)
def test_a_number_is_cut_as_the_address_says(acme, owner, address, rows):
    assert rows_of(owner.get(f"/console/numbers/{address}&{WEEK}")) == rows


def test_a_cut_that_cannot_be_answered_is_crossed_out_with_the_reason(acme, owner):
    html = owner.get(f"/console/numbers/gmv_paid/?by=sku&{WEEK}").content.decode()

    reason = "It counts whole orders, and an order may hold several products."
    assert f'<span aria-disabled="true" title="{reason}">Product</span>' in html
    assert "GMV paid cannot be split or filtered by product or category." in html
    assert owner.get("/console/numbers/happiness/?shop=acme").status_code == 404


def test_a_part_leads_to_its_orders_and_to_itself_over_time(acme, owner):
    html = owner.get(f"/console/numbers/gmv_paid/?by=region&{WEEK}").content.decode()

    scope = f"{WEEK}&region=north".replace("&", "&amp;")
    assert f'href="/console/orders/?{scope}&amp;number=gmv_paid"' in html
    assert f'href="/console/numbers/gmv_paid/?{scope}&amp;by="' in html


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("T", ["/console/orders/T2/", "/console/orders/T9/"]),
        ("支付转化", ["/console/numbers/cvr_paid_visitor/"]),
        ("arppu", ["/console/numbers/arppu/"]),
        ("cock", ["/console/?"]),
        ("龙井", ["sku=tea"]),
        ("LONGJING", ["sku=tea"]),
    ],
)
def test_one_search_finds_orders_numbers_pages_and_products(acme, owner, wanted, found):
    remember(acme, listed("tea", "2026-04-01T00:00", "明前龙井", "Longjing"))

    html = owner.get("/console/search/", {"shop": "acme", "q": wanted}).content.decode()

    main = html[html.index("<main") :]
    assert [one for one in found if one not in main] == []


def test_a_search_without_a_find_says_what_to_try(acme, owner):
    said = text_of(owner.get("/console/search/?shop=acme&q=zzz"))

    assert "Nothing of that name in this shop." in said


def test_shops_stand_with_their_days_and_what_they_took(acme, owner):
    a_shop("fresh", zone="Europe/London", currency="GBP", own=False)

    rows = rows_of(owner.get("/console/shops/"))

    assert rows[0].startswith("Acme acme our own Asia/Shanghai CNY Apr 28, 2026 – May 7, 2026")
    assert rows[1] == "Fresh fresh imported Europe/London GBP none yet"


def test_an_import_says_what_became_of_every_line(owner):
    started = utc("2026-05-01T00:00")
    usual = {"shop": "uci", "source": "online-retail", "reading": "utf-8", "byte_count": 45_000_000, "chunk_lines": 1}
    times = {"started_at": started, "moved_at": started + timedelta(minutes=1)}
    sources.Import.objects.create(
        **usual,
        **times,
        id="a" * 16,
        name="online_retail.csv",
        state="done",
        chunk=3,
        chunks=3,
        ended_at=times["moved_at"],
        line_count=541_909,
        orders=19_960,
        facts=39_920,
        refused_rows=2,
        amount_minor=974774793,
        currency="GBP",
    )
    sources.Bucket.objects.create(
        import_id="a" * 16,
        place=1,
        part="lines",
        name="sold",
        line_count=541_907,
        amount=Decimal("9747747.93"),
        is_told=True,
    )
    sources.Import.objects.create(
        **usual,
        **times,
        id="b" * 16,
        name="half.csv",
        state="stopped",
        chunk=1,
        chunks=4,
        error="No space left on device",
    )

    said = text_of(owner.get("/console/imports/"))

    assert "541,909" in said
    assert "£9,747,747.93" in said
    assert "lines sold 541,907 9,747,747.93 yes" in said
    assert "2 lines wait to be mended." in said
    assert "25%" in said
    assert "No space left on device" in said
    assert owner.get(f"/console/imports/{'a' * 16}/refused.csv").status_code == 404


def test_the_state_of_the_house_names_what_stands_still(owner):
    Cursor.objects.create(reader="insight.lake", moved_at=utc("2026-05-01T00:00"))
    Cursor.objects.create(reader="shop.mail", failures=3, failed_at=utc("2026-05-01T00:00"), error="OSError: disk full")
    job = _dead_letter()

    said = text_of(owner.get("/console/system/"))

    assert "shop.mail" in said
    assert "failed 3 times" in said
    assert "OSError: disk full" in said
    assert "shop.expire_order" in said
    assert "Unreachable: the gateway did not answer" in said
    assert f"/console/system/jobs/{job}/again/" in owner.get("/console/system/").content.decode()


def test_a_reader_that_rests_is_told_to_go_on(owner):
    Cursor.objects.create(reader="shop.mail", failures=3, failed_at=utc("2026-05-01T00:00"), error="disk full")

    answer = owner.post("/console/system/readers/shop.mail/on/", follow=True)

    assert "shop.mail reads on." in text_of(answer)
    assert Cursor.objects.get().failures == 0


def test_a_dead_letter_is_queued_again_or_dropped_once(owner):
    first, second = _dead_letter(), _dead_letter()

    again = owner.post(f"/console/system/jobs/{first}/again/", follow=True)
    dropped = owner.post(f"/console/system/jobs/{second}/drop/", follow=True)
    twice = owner.post(f"/console/system/jobs/{second}/drop/", follow=True)

    assert "The job is queued again." in text_of(again)
    assert "The job is dropped." in text_of(dropped)
    assert "The job had already left the list." in text_of(twice)
    assert (queue.counts().dead, queue.counts().waiting) == (0, 1)


def test_who_may_only_look_cannot_mend(signed_in):
    manager = signed_in(Role.MANAGER)
    job = _dead_letter()

    assert manager.post(f"/console/system/jobs/{job}/drop/").status_code == 403
    assert manager.get(f"/console/system/jobs/{job}/drop/").status_code == 405
    assert "/drop/" not in manager.get("/console/system/").content.decode()
    assert queue.counts().dead == 1


def test_language_and_light_are_chosen_for_good(acme, owner):
    owner.post("/console/language/", {"language": "zh-hans", "next": "/console/numbers/"})
    owner.post("/console/theme/", {"theme": "dark", "next": "https://evil.example/"})

    html = owner.get("/console/numbers/?shop=acme").content.decode()
    assert '<html lang="zh-Hans" data-theme="dark">' in html


def test_language_chosen_on_the_answer_to_a_form_leads_back_to_the_form(acme, owner):
    answer = owner.post("/console/coupons/find/?shop=acme", {"find": "x"}, headers={"Referer": "/console/coupons/"})

    assert '<input type="hidden" name="next" value="/console/coupons/">' in answer.content.decode()


def _dead_letter() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, priority, args, status, attempts)"
            " values ('default', 'shop.expire_order', 0, '{\"order_number\": \"T1\"}', 'failed', 8) returning id"
        )
        job_id = int(cursor.fetchone()[0])
    said = "Traceback\nUnreachable: the gateway did not answer"
    Failure.objects.create(job_id=job_id, error=said, at=utc("2026-05-01T00:00"))
    return job_id


@pytest.mark.parametrize("route", ["orders/", "segments/", "payments/", "parcels/", "returns/", "stock/", "products/"])
@pytest.mark.parametrize("page", ["²", "9" * 5000])
def test_a_list_opens_whatever_page_an_address_asks_for(owner, acme, route, page):
    assert owner.get(f"/console/{route}", {"shop": "acme", "page": page}).status_code == 200


def test_a_page_that_broke_leads_back_into_the_console_and_speaks_of_no_cart():
    answer = get_resolver().resolve_error_handler(500)(RequestFactory().get("/console/goods/"))
    said = text_of(answer)
    assert answer.status_code == 500
    assert "To the console" in said
    assert "cart" not in said
