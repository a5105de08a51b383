"""The cockpit says what the daily tables say, in words a person reads."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.doors.console.conftest import WEEK
from tests.insight.metrics.events import a_shop, bought, line, paid, remember
from tests.shop import made
from zhanggui.insight.lake import queries as lake

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    html = re.sub(r"(?s)<script.*?</script>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def cards_of(response) -> dict[str, tuple[str, str]]:
    """Each card's metric: the figure as it stands there and in full."""
    html = response.content.decode()
    found = re.findall(
        r'<article class="card.*?/console/numbers/(\w+)/.*?card-figure">(.*?)</p>', html, flags=re.DOTALL
    )
    return {
        key: (
            re.sub(r"<[^>]+>", "", figure).strip(),
            unescape(match[1]) if (match := re.search(r'title="([^"]*)"', figure)) else "",
        )
        for key, figure in found
    }


def chart_of(response, name: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', response.content.decode())
    return json.loads(found[1])


def test_the_cards_show_the_weeks_figures(acme, owner):
    cards = cards_of(owner.get(f"/console/?{WEEK}"))

    assert {key: full for key, (_, full) in cards.items()} == {
        "gmv_paid": "CN¥75.00",
        "orders_paid": "4",
        "aov": "CN¥18.75",
        "cvr_paid_visitor": "66.7%",
        "gmv_placed": "CN¥79.00",
        "gmv_net": "CN¥25.00",
        "arppu": "CN¥37.50",
        "buyers": "2",
        "repurchase_rate": "50.0%",
        "uv": "3",
        "refund_amount": "CN¥50.00",
        "refund_rate": "25.0%",
    }


def test_one_sentence_says_how_the_period_goes_in_both_languages(acme, signed_in):
    english, chinese = (
        text_of(signed_in(**{"Accept-Language": spoken}).get(f"/console/?{WEEK}")) for spoken in ("en", "zh-CN")
    )

    assert (
        "May 1, 2026 – May 7, 2026: CN¥75.00 paid in 4 orders, 25.0% more than the period before; conversion 66.7%."
        in english
    )
    assert "2026年5月1日 – 2026年5月7日" in chinese


def test_figures_lead_to_the_orders_behind_them_in_the_same_scope(acme, owner):
    html = owner.get(f"/console/?{WEEK}&region=south").content.decode()

    link = "/console/orders/?" + f"{WEEK}&region=south&number=gmv_paid".replace("&", "&amp;")
    assert f'href="{link}"' in html
    assert re.findall(r'title="(CN¥20\.00)"', html)


def test_rankings_and_buyers_stand_there_with_their_shares(acme, owner):
    said = text_of(owner.get(f"/console/?{WEEK}"))

    assert "north CN¥55.00 2 73.3%" in said
    assert "south CN¥20.00 2 26.7%" in said
    assert "tea CN¥48.00 5 68.6%" in said
    assert "cup CN¥22.00 2 31.4%" in said
    assert "all 3 known buyers before May 8, 2026, net of refunds CN¥77.00" in said


def test_the_chart_and_its_table_hold_the_same_figures(acme, owner):
    page = owner.get(f"/console/?{WEEK}")
    chart = chart_of(page, "money-spec")

    assert [(row["at"], row["done"], row["before"]) for row in chart["datasets"]["rows"]][:2] == [
        ("2026-05-01", 35.0, 0.0),
        ("2026-05-02", 20.0, 0.0),
    ]
    assert chart["title"]["text"] == "GMV paid: 25.0% more than the period before"
    assert "May 1, 2026 CN¥35.00 CN¥0.00" in text_of(page)
    pieces = chart_of(page, "buyers-spec")["datasets"]["rows"]
    assert [(p["at"], p["name"], p["size"]) for p in pieces if p["size"]] == [
        ("2026-05-01", "Returning", 1),
        ("2026-05-02", "New", 1),
        ("2026-05-07", "Returning", 1),
    ]


def test_an_open_page_is_told_only_when_the_figures_changed(acme, owner):
    version = str(lake.version("acme"))

    known = owner.get(f"/console/?{WEEK}", headers={"X-Known": version})
    remember(acme, paid("T6", "2026-05-07T03:00", line("tea", 1, 100), person="ann"))
    outdated = owner.get(f"/console/?{WEEK}", headers={"X-Known": version})

    assert (known.status_code, known.content) == (204, b"")
    assert outdated.status_code == 200
    assert cards_of(outdated)["orders_paid"][1] == "5"


@pytest.mark.usefixtures("at_noon")
def test_a_running_day_is_live_and_stands_beside_the_days_before_it(acme, owner):
    page = owner.get("/console/?shop=acme&period=today")

    html = page.content.decode()
    assert f'data-live="{lake.version("acme")}"' in html
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert len(chart_of(page, "money-spec")["datasets"]["rows"]) == 14
    assert cards_of(page)["gmv_paid"][1] == "CN¥20.00"


def test_a_past_period_is_not_live(acme, owner):
    html = owner.get(f"/console/?{WEEK}").content.decode()

    assert "data-live=" not in html
    assert "refresh" not in html


def test_a_product_filter_leaves_what_can_be_counted_and_says_why_the_rest_cannot(acme, owner):
    page = owner.get(f"/console/?{WEEK}&sku=tea")

    cards = cards_of(page)
    assert {key: full for key, (_, full) in cards.items()} == {
        "goods_paid": "CN¥48.00",
        "units": "5",
        "gmv_placed": "CN¥57.00",
    }
    assert "CN¥48.00 paid for 5 pieces, 380.0% more than the period before." in text_of(page)
    assert "Orders, buyers and visits cannot be told by product" in text_of(page)
    assert chart_of(page, "money-spec")["datasets"]["rows"][0]["done"] == 20.0


def test_a_shop_whose_visits_are_not_known_says_so(owner, lake_folder):
    shop = a_shop("uci", zone="Europe/London", currency="GBP", own=False)
    remember(shop, bought("1", "2011-05-01T10:00", line("mug", 1, 100), shop="uci", person="c1", currency="GBP"))

    page = owner.get("/console/?shop=uci&period=all")

    assert cards_of(page)["cvr_paid_visitor"][0] == "—"
    assert "No visits are known in this period." in text_of(page)
    assert cards_of(page)["gmv_paid"] == ("£1.00", "£1.00")


def test_an_imported_shop_is_looked_at_from_its_last_day(owner, lake_folder):
    shop = a_shop("uci", zone="Europe/London", currency="GBP", own=False)
    remember(shop, bought("1", "2011-12-09T10:00", line("mug", 1, 100), shop="uci", person="c1", currency="GBP"))

    said = text_of(owner.get("/console/?shop=uci"))

    assert re.search(r"Last 12 months: £1.00 paid in 1 order\b", said)
    assert "Dec 10, 2010 – Dec 9, 2011" in said


def test_an_empty_shop_says_what_to_do_next(owner, lake_folder):
    a_shop("fresh")

    said = text_of(owner.get("/console/?shop=fresh"))

    assert "The shelves are still empty" in said
    assert "New product" in said
    assert "Import orders" in said


def test_a_shop_with_goods_and_no_orders_says_to_open_it(owner, lake_folder):
    made.a_shop()
    made.a_product(units=0)

    said = text_of(owner.get(f"/console/?shop={made.SHOP}"))

    assert "Open the shop" in said
    assert "New product" not in said


def test_without_any_shop_the_page_says_how_to_get_one(owner, lake_folder):
    page = owner.get("/console/")

    assert page.status_code == 200
    assert "zhanggui rehearse" in text_of(page)


def test_an_unknown_shop_is_not_found(acme, owner):
    assert owner.get("/console/?shop=nobody").status_code == 404


def test_what_others_wrote_is_never_taken_for_code(acme, owner):
    hostile = '</script><img src=x onerror="alert(1)">'
    remember(acme, bought("X", "2026-05-04T01:00", line(hostile, 1, 900), person="x", region=hostile))

    for address in ("/console/", "/console/numbers/gmv_paid/?by=region", "/console/orders/"):
        html = owner.get(address, dict(pair.split("=") for pair in WEEK.split("&")) | {"by": "region"}).content.decode()
        assert "<img src=x" not in html
        assert "</script><img" not in html
        assert 'onerror="' not in re.sub(r"(?s)<script type=.application/json.*?</script>", "", html)


def test_pages_are_kept_by_nobody_on_the_way_and_carry_no_inline_code(acme, owner):
    page = owner.get(f"/console/?{WEEK}")

    assert "no-store" in page.headers["Cache-Control"]
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    html = page.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert not re.search(r'<[^>]+\s(style|on\w+)="', html)


def test_how_often_postgresql_is_asked(acme, owner, django_assert_max_num_queries):
    known = {"X-Known": str(lake.version("acme"))}
    for headers in ({}, known):
        owner.get(f"/console/?{WEEK}", headers=headers)

    # session, operator, shops; versions: of the shop's days, of the page, of the kept figures;
    # what needs a hand: parcels, returns, payments, jobs; signals and, where there are none, the rehearsal;
    # when the books were added up; what the categories are called
    with django_assert_max_num_queries(14):
        owner.get(f"/console/?{WEEK}")
    with django_assert_max_num_queries(5):
        owner.get(f"/console/?{WEEK}", headers=known)
