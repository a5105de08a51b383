"""The detectors that read insight, over one month of a shop in which everything goes wrong on the last day."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.insight.metrics.events import a_shop, added, an_event, bought, line, page, placed, remember, utc, viewed
from tests.steer.signals.findings import ANN, CLOCK
from tests.worlds import made_once
from zhanggui.base import ids
from zhanggui.insight.alerts import models as alerts
from zhanggui.insight.segments import queries as segments
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.spine.log.models import Entry
from zhanggui.steer.signals import actions, ports, queries
from zhanggui.steer.signals.detectors import (
    fake_ring,
    funnel_break,
    metric_band,
    risk_trigger,
    second_purchase,
    sleepers,
    slow_or_broken,
    zero_results,
)
from zhanggui.steer.signals.rules import Comparison, Finding, Move, Trigger

TABLES = ("orders", "sku_days", "visits", "sessions", "steps", "searches", "tellings", "listings", "parcels")
pytestmark = [pytest.mark.tables(*TABLES, "stock_days"), pytest.mark.django_db]

DAYS = 29
FIRST = date(2026, 3, 2)
LAST = FIRST + timedelta(days=DAYS - 1)
MORNING = utc(f"{LAST}T20:00")
NORTH = {"device": "phone", "channel": "direct", "region": "north"}


def a_month() -> Iterable[Any]:
    """A hundred visits a day, half of them on tablets, of which one in three orders; on the last day no tablet does."""
    rng = random.Random(2)
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        yield an_event(
            "guard.requests_served",
            f"{day}T03:00",
            quantity=10_000,
            body={"quantity": 10_000, "failed": 900 if day == LAST else 100, "slow": 200, "tolerable": 0},
        )
        for who in range(100):
            where = {
                "device": "tablet" if who % 2 else "phone",
                "channel": "email" if who // 2 % 2 else "direct",
                "region": "north" if who // 4 % 2 else "south",
            }
            person, at = f"v-{n}-{who}", f"{day}T04:{who % 60:02d}"
            yield page(at, person, **where)
            if who % 3 == 0:
                yield viewed(at, person, **where)
                yield added(at, person, **where)
                if not (day == LAST and who % 2) and rng.random() < 0.9:
                    goods = line("tea", 1, 1_000, "leaf")
                    yield from bought(f"O-{n}-{who}", at, goods, person=person, session=f"s/{person}", **where)


def regulars() -> Iterable[Any]:
    """Six buyers of much who came every three days and have been silent for three weeks."""
    for who in range(6):
        for n in (0, 3, 6):
            day = FIRST + timedelta(days=n)
            yield from bought(f"R-{n}-{who}", f"{day}T05:00", line("pot", 1, 90_000, "ware"), person=f"r-{who}")


def twice() -> Iterable[Any]:
    """Forty who came again after ten days, and twelve for whom eight days have passed."""
    for who in range(40):
        for n in (1, 11):
            day = FIRST + timedelta(days=n)
            yield from bought(f"T-{n}-{who}", f"{day}T05:00", line("cup", 1, 2_000, "ware"), person=f"t-{who}")


def searching() -> Iterable[Any]:
    """Searches for tea of which every fourth ends in an order, and for something that is not there."""
    day = LAST - timedelta(days=3)
    for who in range(120):
        word, results = ("tea", 9) if who < 80 else ("thermos", 0)
        at, session = f"{day}T06:{who % 60:02d}", f"q/{who}"
        body = {"query": word, "results": results}
        yield an_event("Products Searched", at, person=f"q-{who}", session=session, body=body, **NORTH)
        if who < 20:
            yield placed(f"Q-{who}", f"{day}T07:00", line("tea", 1, 3_000), person=f"q-{who}", session=session, **NORTH)


def a_ring() -> Iterable[Any]:
    """Thirty orders of one cup on the last day, by two persons on one desktop of the west."""
    corner = {"device": "desktop", "channel": "direct", "region": "west"}
    for n in range(30):
        number = f"F-{n}"
        yield from bought(number, f"{LAST}T07:{n:02d}", line("lid", 1, 5_000), person=f"f-{n % 2}", **corner)


@made_once
def a_shop_in_trouble() -> None:
    remember(a_shop(), *a_month(), *regulars(), *twice(), *searching(), *a_ring())


@pytest.fixture
def trouble(lake_folder: object) -> None:
    a_shop_in_trouble()


def found(detect: ports.Detector, day: date = LAST) -> list[Finding]:
    return list(detect("acme", day, at=MORNING))


def test_a_break_on_tablets_is_found_on_its_day_and_no_other(trouble):
    (finding,) = found(funnel_break.detect)

    assert (finding.kind, finding.subject, finding.adds_up) == ("funnel_break", "device:tablet", True)
    assert (finding.proposal.move, finding.proposal.device) == (Move.CHECK, "tablet")
    said = finding.evidence[0].numbers
    assert (said["step"], said["taken"], finding.evidence[0].page) == ("checkout", 0, "funnel")
    assert "device=tablet" in finding.evidence[0].query
    # seventeen tablets had put tea into the cart, of which nine in ten order for some 10.00
    assert finding.size.low_minor < 15 * 1_000 < finding.size.high_minor * 3
    assert found(funnel_break.detect, LAST - timedelta(days=1)) == []


def test_buyers_who_sleep_are_found_and_can_be_asked_for(trouble):
    (finding,) = found(sleepers.detect)

    assert finding.evidence[0].numbers["people"] == 6
    assert finding.size.low_minor <= finding.size.expected_minor <= finding.size.high_minor
    # 900.00 every three days for 90 days, of which half is taken to come by itself as nobody knows better
    assert finding.size.expected_minor == 6 * 30 * 90_000 // 2
    people = segments.people_of("acme", finding.proposal.audience, at=MORNING)
    assert people == tuple(f"r-{who}" for who in range(6))
    assert found(sleepers.detect, FIRST + timedelta(days=10)) == []


def test_a_second_order_that_does_not_come_is_found_while_its_window_is_open(trouble):
    (finding,) = found(second_purchase.detect)

    said = finding.evidence[0].numbers
    assert said["closes_days"] == 10
    people = segments.people_of("acme", finding.proposal.audience, at=MORNING)
    assert len(people) == said["people"] > 12
    assert all(person.startswith(("v-", "q-", "f-")) for person in people)
    assert 0 < finding.size.low_minor < finding.size.expected_minor < finding.size.high_minor


@pytest.mark.parametrize("detector", [sleepers, second_purchase])
def test_an_audience_that_is_not_understood_is_refused(trouble, detector):
    with pytest.raises(TermsUnfit):
        detector.people("acme", {"as_of": "soon"}, at=MORNING)


def test_words_that_find_nothing_are_found(trouble):
    (finding,) = found(zero_results.detect)

    assert (finding.subject, finding.evidence[0].numbers["nothing"]) == ("query:thermos", 40)
    each = queries.order_worth("acme", LAST)
    assert finding.size.expected_minor == round(40 * 20 / 80 * each.mean_minor)
    assert finding.size.low_minor <= 40 * 20 * 3_000 // 80 <= finding.size.high_minor


def test_requests_that_fail_are_found_by_who_serves_them(trouble):
    (finding,) = found(slow_or_broken.detect)

    assert (finding.subject, finding.evidence[0].numbers["rate_bp"]) == ("failure_rate", 900)
    ordinary = queries.ordinary_day("acme", LAST, at=MORNING)
    assert finding.size.low_minor <= round(0.08 * ordinary) <= finding.size.high_minor


def test_a_heap_of_orders_by_two_persons_is_found(trouble):
    (finding,) = found(fake_ring.detect)

    said = finding.evidence[0].numbers
    assert (finding.subject, said["people"], said["region"], said["orders"]) == ("sku:lid", 2, "west", 30)
    assert finding.size.low_minor <= 150_000 <= finding.size.high_minor * 1.1
    assert found(fake_ring.detect, LAST - timedelta(days=1)) == []


def test_a_pulled_trigger_opens_its_playbook(trouble):
    rare = Trigger(metric="orders_paid", comparison=Comparison.ABOVE, threshold=1_000_000, days=1)
    actions.keep_risk(shop="acme", name="Flood", trigger=rare, owner=7, playbook="Call.", by=ANN)
    failing = Trigger(metric="failure_rate", comparison=Comparison.UP_BY, threshold=5_000, days=1)
    id = actions.keep_risk(shop="acme", name="Outage", trigger=failing, owner=7, playbook="Call the host.", by=ANN)

    (finding,) = found(risk_trigger.detect)

    assert (finding.subject, finding.confidence) == (f"risk:{id}", 1.0)
    assert finding.evidence[0].numbers["actual"] == 90_000
    assert (finding.evidence[0].page, f"risk={id}" in finding.evidence[0].query) == ("risks", True)
    # eight times as many as usual: as much as a day's money, not eight days'
    assert finding.size.expected_minor == queries.ordinary_day("acme", LAST, at=MORNING)


def test_numbers_out_of_their_bands_are_one_finding_caused_by_the_deviation(trouble):
    fact = UUID(int=8)
    for metric, money in (("gmv_paid", -40_000), ("uv", -38_000), ("orders_paid", -30_000)):
        alerts.Deviation.objects.create(
            id=ids.uuid7(),
            shop="acme",
            metric=metric,
            cut="",
            cell="",
            day=LAST,
            actual=60_000,
            expected=100_000,
            low=80_000,
            high=120_000,
            money_minor=money,
            currency="CNY",
            found_at=MORNING,
            fact=fact if metric == "gmv_paid" else None,
        )

    (finding,) = found(metric_band.detect)

    assert (finding.subject, finding.cause, finding.proposal.metric) == ("money", fact, "uv")
    assert finding.size.expected_minor == 40_000
    assert [one.numbers["metric"] for one in finding.evidence] == ["gmv_paid", "uv", "orders_paid"]
    assert found(metric_band.detect, LAST - timedelta(days=1)) == []


def test_a_shop_that_tells_nothing_is_silent(lake_folder):
    a_shop("quiet")

    for detect in (
        metric_band.detect,
        funnel_break.detect,
        sleepers.detect,
        second_purchase.detect,
        zero_results.detect,
        slow_or_broken.detect,
        fake_ring.detect,
        risk_trigger.detect,
    ):
        assert list(detect("quiet", LAST, at=MORNING)) == []


def test_all_of_them_together_raise_the_inbox_of_the_day(trouble, monkeypatch):
    mine = ("metric_band", "funnel_break", "sleepers", "second_purchase", "zero_results", "slow_or_broken", "fake_ring")
    monkeypatch.setattr(ports, "detectors", {name: ports.detectors[name] for name in mine})

    raised = actions.look(shop="acme", day=LAST, at=MORNING, by=CLOCK)

    inbox = queries.inbox("acme", at=MORNING)
    assert raised == len(inbox) == Entry.objects.filter(name="steer.signal_raised").count()
    assert {signal.kind for signal in inbox} >= {"funnel_break", "sleepers", "zero_results", "fake_ring"}
    assert queries.looked_with("acme", LAST) == ports.detectors.keys()
    assert list(inbox) == sorted(inbox, key=lambda one: -one.weight)
