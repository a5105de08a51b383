"""Looking at days that are over: what is found, told once, and what is left alone."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.insight.metrics.events import a_shop, bought, line, page, remember, utc
from tests.worlds import made_once
from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.alerts import actions, models, ports, queries
from zhanggui.insight.alerts.errors import KnownDayUnfit, NoSuchKnownDay
from zhanggui.insight.alerts.rules import KnownDays, Place, Side
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.tables("orders", "sku_days", "visits", "sessions")

FIRST = date(2026, 3, 2)
DAYS = 60
LAST = FIRST + timedelta(days=DAYS - 1)
BY = job("insight.look")
# 04:00 in Shanghai on the day after the last.
MORNING = utc(f"{LAST}T20:00")


def days_of_a_shop(*, days: int = DAYS, seed: int = 1, broken: tuple[date, ...] = ()) -> list[Any]:
    """Some thirty visitors a day, more at weekends, of whom a third buy; on broken days nobody comes by e-mail."""
    rng = random.Random(seed)
    events: list[Any] = []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        for channel, usual in (("direct", 20), ("email", 14)):
            people = usual + (8 if day.weekday() > 4 else 0) + rng.randint(-2, 2)
            for who in range(0 if channel == "email" and day in broken else people):
                person, at = f"{channel}-{n}-{who}", f"{day}T04:{who:02d}"
                events.append(page(at, person, channel=channel, device="phone"))
                if who % 3 == 0:
                    goods = line("tea", 1, 1000 + 10 * rng.randint(-20, 20), "leaf")
                    number = f"O-{channel}-{n}-{who}"
                    events += bought(number, at, goods, person=person, channel=channel, device="phone")
    return events


@made_once
def a_lived_in_shop(*, is_own: bool = True, broken: tuple[date, ...] = ()) -> Shop:
    """Our shop, or another's, with sixty such days behind it."""
    shop = a_shop(own=is_own)
    remember(shop, days_of_a_shop(broken=broken))
    return shop


def looked(at: datetime = MORNING) -> int:
    return actions.look(shop="acme", at=at, by=BY)


def told() -> list[dict[str, Any]]:
    return [row.body for row in Entry.objects.filter(name="insight.deviation_found").order_by("seq")]


def found() -> dict[tuple[str, str, str], Any]:
    everything, count = queries.deviations("acme", Period(FIRST, LAST + timedelta(days=9)), limit=500)
    assert count == len(everything)
    return {(one.metric, str(one.place.cut or ""), one.place.cell): one for one in everything}


@pytest.mark.django_db
def test_an_outage_is_found_where_it_was_with_what_it_cost(lake_folder):
    a_lived_in_shop(broken=(LAST,))

    count = looked()

    by_place = found()
    assert count == len(by_place) == len(told())
    mail = by_place["uv", "channel", "email"]
    assert (mail.day, mail.actual, mail.side) == (LAST, 0, Side.LOW)
    assert mail.actual < mail.low <= mail.expected <= mail.high
    paid = by_place["gmv_paid", "channel", "email"]
    assert paid.money_minor == paid.actual - paid.expected == mail.money_minor
    assert ("uv", "channel", "direct") not in by_place
    fact = next(one for one in told() if one["metric"] == "uv" and one["cell"] == "email")
    assert fact == {
        "metric": "uv",
        "cut": "channel",
        "cell": "email",
        "day": LAST.isoformat(),
        "actual": 0,
        "expected": mail.expected,
        "low": mail.low,
        "high": mail.high,
        "money_minor": mail.money_minor,
        "currency": "CNY",
        "evidence": f"period=custom&from={LAST}&to={LAST}&channel=email",
    }


@pytest.mark.django_db
def test_where_nothing_is_the_matter_nothing_is_found(lake_folder):
    a_lived_in_shop()

    assert looked() == 0
    assert not told()
    # the bands of two months stand for the pages, as far as there were four weeks before
    normals = queries.normals("acme", Period(FIRST, LAST + timedelta(days=2)), ["uv"])
    assert min(day for _key, day in normals) == FIRST + timedelta(days=28)
    assert max(day for _key, day in normals) == LAST + timedelta(days=1)


@pytest.mark.django_db
def test_a_day_is_looked_at_once_and_later_days_when_they_are_over(lake_folder):
    shop = a_lived_in_shop(broken=(LAST,))
    first = looked()

    assert looked() == 0
    assert looked(MORNING + timedelta(hours=12)) == 0
    assert len(told()) == first

    remember(shop, days_of_a_shop(days=DAYS + 1)[-60:], page(f"{LAST + timedelta(days=1)}T04:00", "late"))
    looked(MORNING + timedelta(days=1))
    assert list(models.Looked.objects.order_by("day").values_list("day", flat=True)) == [LAST, LAST + timedelta(days=1)]


@pytest.mark.django_db
def test_a_day_that_is_not_over_or_has_not_come_in_is_left_alone(lake_folder):
    a_lived_in_shop(broken=(LAST,))

    # half an hour before midnight, half an hour after it, and a day after the last that is known
    assert looked(utc(f"{LAST}T15:30")) == 0
    assert LAST not in models.Looked.objects.values_list("day", flat=True)
    assert looked(utc(f"{LAST}T16:30")) == 0
    assert looked(MORNING + timedelta(days=1)) == 0
    assert not told()


@pytest.mark.django_db
def test_less_than_four_weeks_are_silent(lake_folder):
    remember(a_shop(), days_of_a_shop(days=28, broken=(FIRST + timedelta(days=27),)))

    assert looked(utc(f"{FIRST + timedelta(days=27)}T20:00")) == 0
    assert models.Looked.objects.count() == 1


@pytest.mark.django_db
def test_an_imported_shop_is_history_and_not_looked_at(lake_folder):
    a_lived_in_shop(is_own=False, broken=(LAST,))

    assert looked() == 0
    assert not models.Looked.objects.exists()


@pytest.mark.django_db
def test_a_day_that_is_known_to_differ_is_neither_judged_nor_learnt_from(lake_folder):
    a_lived_in_shop(broken=(LAST,))
    before = LAST - timedelta(days=7)
    id = actions.know(shop="acme", name=" Qingming ", first=LAST, last=LAST)
    actions.know(shop="acme", name="Stock-taking", first=before, last=before)

    assert looked() == 0

    (judged,) = queries.judged("acme", ["uv"], Period(LAST, LAST + timedelta(days=1)), place=Place(), at=MORNING)["uv"]
    assert (judged.known.name, judged.known.id, judged.is_outside) == ("Qingming", id, False)
    assert judged.band.days == 55


@pytest.mark.django_db
def test_what_others_plug_in_is_known_too(lake_folder, monkeypatch):
    a_lived_in_shop(broken=(LAST,))
    sale = KnownDays(name="Flash sale", first=LAST, last=LAST)
    monkeypatch.setattr(ports, "known_days", [lambda shop, first, last: [sale]])

    assert looked() == 0
    assert queries.known_in("acme", FIRST, LAST) == (sale,)


@pytest.mark.django_db
def test_a_number_that_began_lately_is_not_held_against_the_days_before_it(lake_folder):
    shop = a_lived_in_shop()
    week = [LAST - timedelta(days=n) for n in range(8)]
    remember(shop, [page(f"{day}T04:00", f"ad-{day}-{n}", channel="paid_search") for day in week for n in range(30)])

    looked()

    assert not [key for key in found() if key[2] == "paid_search"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "last", "field"),
    [(" ", LAST, "name"), ("x" * 81, LAST, "name"), ("x", FIRST - timedelta(days=1), "last"), ("x", LAST, "last")],
)
def test_known_days_need_a_name_and_an_end_within_a_month(db, name, last, field):
    with pytest.raises(KnownDayUnfit) as refused:
        actions.know(shop="acme", name=name, first=FIRST, last=last)

    assert refused.value.field == field
    assert not models.KnownDay.objects.exists()


@pytest.mark.django_db
def test_known_days_are_kept_once_and_can_be_taken_back(db):
    a_shop()
    id = actions.know(shop="acme", name="618", first=FIRST, last=FIRST)

    with pytest.raises(KnownDayUnfit):
        actions.know(shop="acme", name="618", first=FIRST, last=FIRST)
    with pytest.raises(NoSuchKnownDay):
        actions.forget(shop="other", id=id)
    actions.forget(shop="acme", id=id)

    assert queries.known_in("acme", FIRST, LAST) == ()
    with pytest.raises(NoSuchKnownDay):
        actions.forget(shop="acme", id=id)


@pytest.mark.django_db
def test_the_table_keeps_nothing_that_lies_inside_its_band_and_nothing_twice(lake_folder):
    a_lived_in_shop(broken=(LAST,))
    looked()
    row = models.Deviation.objects.first()

    for broken in ({"actual": row.expected}, {"expected": row.high + 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.Deviation.objects.filter(pk=row.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Deviation.objects.filter(shop="acme").update(metric="uv", cut="", cell="")


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_tell_everything_once(lake_folder):
    a_lived_in_shop(broken=(LAST,))
    together = Barrier(3)

    def one(_n: int) -> int:
        together.wait()
        try:
            return looked()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        counts = list(threads.map(one, range(3)))

    assert sorted(counts)[:2] == [0, 0]
    assert sorted(counts)[2] == len(told()) == models.Deviation.objects.count() > 0


@pytest.mark.django_db
def test_a_cell_is_judged_by_its_own_days(lake_folder):
    a_lived_in_shop(broken=(LAST,))

    (direct,) = queries.judged(
        "acme", ["uv"], Period(LAST, LAST + timedelta(days=1)), place=Place(cut=Cut.CHANNEL, cell="direct"), at=MORNING
    )["uv"]

    assert not direct.is_outside
    assert 5 < direct.band.low < direct.band.expected < direct.band.high < 45
