"""The pages of what promotions brought."""

from __future__ import annotations

from datetime import date

import pytest

from tests.doors.console.test_cockpit import text_of
from tests.insight.campaigns.offering import an_offer, at, balance, deposit, redeemed
from tests.insight.metrics.events import a_shop, bought, line, listed, remember
from tests.worlds import made_once
from zhanggui.insight.campaigns import ports

pytestmark = pytest.mark.django_db

MAY = "shop=acme&period=custom&from=2026-05-01&to=2026-05-10&compare=previous"
START = date(2026, 5, 4)
SALE = "0198f0a0-0000-7000-8000-000000000001"


@made_once
def weeks_of_tea():
    told = [listed("tea", "2026-03-30T04:00", "春茶", "Spring tea", category="leaf")]
    for n in range(42):
        day = date.fromordinal(date(2026, 3, 30).toordinal() + n)
        minor = 13_000 if START <= day <= date(2026, 5, 6) else 10_000 + n % 3
        told += bought(f"T{n}", at(day), line("tea", 1, minor, "leaf"), person="ann")
        if minor == 13_000:
            told.append(redeemed(f"T{n}", at(day), SALE, 1000))
    told += [deposit("2026-05-02T04:00", n) for n in range(4)]
    told += [balance("2026-05-06T04:00", n) for n in range(3)]
    remember(a_shop(), told)


@pytest.fixture
def spring(lake_folder, monkeypatch):
    """Five weeks of tea for 100 a day, 130 on the three days of a promotion; deposits of a presale."""
    weeks_of_tea()
    offer = an_offer(SALE, start=START, end=date(2026, 5, 7))
    monkeypatch.setattr(ports, "known", [lambda shop, first, until: [offer]])


def test_an_offer_stands_with_what_it_cost_what_passed_through_and_what_came_on_top(spring, owner):
    said = text_of(owner.get(f"/console/campaigns/?{MAY}"))

    assert "Spring tea" in said
    assert "CN¥30.00 3 CN¥390.00 +CN¥89.97 (30.0%) +CN¥89.92 to +CN¥90.02" in said
    assert "paid amount, cost not known" in said
    assert "75.0% of 4 deposits became orders; 65% is the figure to beat. ▲ beaten" in said


def test_one_offer_shows_its_days_goods_and_orders(spring, owner, django_assert_max_num_queries):
    owner.get(f"/console/campaigns/promotion/{SALE}/?{MAY}")
    with django_assert_max_num_queries(40):
        answer = owner.get(f"/console/campaigns/promotion/{SALE}/?{MAY}")
    said = text_of(answer)

    assert "Its goods sold 30" in said
    assert "more than expected" in said
    assert 'data-chart="offer-spec"' in answer.content.decode()
    assert "T37" in said
    assert '"name":"Spring tea"' in answer.content.decode().replace(": ", ":")
    assert f"/console/orders/T37/?{MAY.replace('&', '&amp;')}" in answer.content.decode()


@pytest.mark.parametrize("sort", ["start", "given", "orders", "touched", "more", "net", "roi", "nonsense"])
def test_offers_are_sorted_as_the_address_says(spring, owner, sort):
    assert owner.get(f"/console/campaigns/?{MAY}&sort={sort}").status_code == 200


def test_a_campaign_is_parted_where_its_burst_begins(spring, owner):
    said = text_of(owner.get(f"/console/campaigns/?{MAY}&burst=2026-05-04"))

    assert "Warm-up" in said
    assert "Burst" in said
    wrong = text_of(owner.get(f"/console/campaigns/?{MAY}&burst=2026-07-04"))
    assert "The burst has to begin after the first" in wrong


@pytest.mark.parametrize(
    ("what", "lines"),
    [("offers", 2), ("deposits", 1), (f"promotion/{SALE}/days", 34), (f"promotion/{SALE}/goods", 1)],
)
def test_every_table_is_a_file(spring, owner, what, lines):
    answer = owner.get(f"/console/campaigns/{what}.csv?{MAY}")

    assert len(answer.content.decode("utf-8-sig").splitlines()) == 1 + lines
    assert owner.get(f"/console/campaigns/{what}.xlsx?{MAY}").status_code == 200


@pytest.mark.parametrize("where", ["people.csv", "promotion/none/", "lottery/sale/", f"promotion/{SALE}/people.csv"])
def test_what_is_not_there_is_not_found(spring, owner, where):
    assert owner.get(f"/console/campaigns/{where}?{MAY}").status_code == 404


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop()

    assert "Here stands what promotions brought" in text_of(owner.get("/console/campaigns/?shop=acme"))


def test_days_without_offers_say_what_to_do(spring, owner, monkeypatch):
    monkeypatch.setattr(ports, "known", [])

    said = text_of(owner.get("/console/campaigns/?shop=acme&period=custom&from=2026-04-01&to=2026-04-09"))

    assert "No promotion, flash sale or presale was on in this period." in said
    assert "No deposit was paid in this period." in said
