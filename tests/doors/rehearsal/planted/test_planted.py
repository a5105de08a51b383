"""Insight finds each planted trouble with its size, and finds nothing where nothing was planted; signals say so."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache
from math import comb
from pathlib import Path

import pytest

from tests.doors.rehearsal.planted.worlds import PLAN, PLANTS, TROUBLES, Worlds
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.doors.rehearsal import choosing, signalled
from zhanggui.doors.rehearsal.findings import CONFIDENCE, Finding, checkout_funnel
from zhanggui.doors.rehearsal.reporting import lines
from zhanggui.doors.rehearsal.simulator.plan import ZONE
from zhanggui.doors.rehearsal.simulator.plants import KINDS
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.alerts import queries as bands
from zhanggui.insight.alerts import rules
from zhanggui.insight.alerts.rules import Place
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels.rules import contrasts
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Figure, Period
from zhanggui.insight.metrics.rules.intervals import each_of, newcombe, ratio
from zhanggui.insight.terms import queries as terms
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import ports
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import Signal

pytestmark = pytest.mark.django_db

KEYS = [plant.key for plant in PLANTS]
ROOT = Path(__file__).parents[4]
AT = clock.span_of(PLAN.last_day + timedelta(days=1), ZONE)[1]
# On which day of the plan a trouble is told by its signal: its first, but where a day has not seen it yet. A channel's
# visitors are worse by little; of few orders it takes some weeks to say that they are too few, or come back too often.
TOLD_ON = {
    "funnel-break": 60,
    "search-gaps": 60,
    "stock-out": 64,
    "late-parcels": 66,
    "price-response": 66,
    "churn-wave": 81,
    "return-spike": 82,
    "channel-quality": 86,
    "coupon-leak": 92,
    "coupon-heap": 102,
    "fake-ring": 104,
    "dead-stock": 114,
}
# They speak of what is always so: some buyers sleep, some words find nothing.
STANDING = {"sleepers", "second_purchase", "zero_results"}


def days(start: int, end: int) -> Period:
    return Period(PLAN.first_day + timedelta(days=start), PLAN.first_day + timedelta(days=end))


def said(found: list[Finding]) -> list[str]:
    return [f"{one.what} {one.day or ''} {one.true} not in {one.interval}" for one in found]


@pytest.mark.parametrize("key", KEYS)
def test_the_stated_bounds_hold_the_planted_truth(worlds: Worlds, key: str) -> None:
    found = worlds.of(key)
    assert found
    assert not said([one for one in found if not one.is_right])


@pytest.mark.parametrize("key", KEYS)
def test_where_nothing_was_planted_the_same_question_finds_nothing(worlds: Worlds, key: str) -> None:
    found = worlds.in_quiet(key)
    assert len(found) == len(worlds.of(key))
    assert not said([one for one in found if one.is_seen or not one.is_right])


@pytest.mark.parametrize("key", KEYS)
def test_what_was_planted_is_seen(worlds: Worlds, key: str) -> None:
    found = worlds.of(key)
    if key == "promotion-lift":
        # Not on each of its days, and not by what is missing after them; but on most days, and on all together.
        assert Counter(one.is_seen for one in found if one.day)[True] >= 4
        assert [one.is_seen for one in found if one.what == "lift"] == [True]
    else:
        assert all(one.is_seen for one in found), said(found)


def test_a_broken_device_is_named_and_no_other(worlds: Worlds) -> None:
    plant = PLANTS[0]
    broken = funnels.ask("planted", checkout_funnel(days(plant.start, plant.end)), at=AT)
    (worst,) = [one for one in contrasts(broken, confidence=CONFIDENCE) if one.difference.high < 0]
    assert (worst.value, worst.own[0]) == ("tablet", 0)
    quiet = funnels.ask("quiet", checkout_funnel(days(plant.start, plant.end)), at=AT)
    assert "tablet" not in {one.value for one in contrasts(quiet, confidence=CONFIDENCE) if one.is_apart}


def test_only_the_channel_that_got_worse_converts_otherwise_than_before(worlds: Worlds) -> None:
    plant = PLANTS[5]
    channels = {
        shop: [
            {str(row.key): row.figures[0] for row in answer.rows}
            for answer in (
                metrics.query(shop, ("cvr_order_session",), period, by=Cut.CHANNEL, at=AT)
                for period in (days(0, 60), days(plant.start, plant.end))
            )
        ]
        for shop in ("planted", "quiet")
    }
    apart = {
        shop: [
            channel
            for channel, was in then.items()
            if channel in now
            and not ratio(
                _share(now[channel]),
                _share(was),
                confidence=each_of(len(then), confidence=CONFIDENCE),
            ).holds(1.0)
        ]
        for shop, (then, now) in channels.items()
    }
    assert apart == {"planted": ["paid_social"], "quiet": []}


@pytest.mark.parametrize("by", ["device", "channel", "region"])
def test_a_quiet_shops_funnel_is_no_other_in_any_cut_than_before(worlds: Worlds, by: str) -> None:
    cut = Cut(by)
    then, now = (
        {str(row.key): row.figures[0] for row in metrics.query("quiet", ("cvr_order_session",), period, by=cut).rows}
        for period in (days(0, 60), days(60, 120))
    )
    confidence = each_of(len(then), confidence=CONFIDENCE)
    apart = [
        key
        for key in then.keys() & now.keys()
        if not newcombe(_share(now[key]), _share(then[key]), confidence=confidence).holds(0.0)
    ]
    assert not apart


def test_a_quiet_shop_has_no_more_days_outside_their_bands_than_the_stated_rate_allows(worlds: Worlds) -> None:
    asked = bands.judged("quiet", rules.watched(), days(rules.HISTORY_DAYS, 120), place=Place(), at=AT)
    judged = [one for numbers in asked.values() for one in numbers if one.band and not one.known]
    assert len(judged) > 700
    outside = [(one.figure.metric, one.day) for one in judged if one.is_outside]
    assert len(outside) <= _most(len(judged), rules.RATE), outside


def test_the_morning_after_the_ring_it_is_told_where_the_money_came_from(worlds: Worlds) -> None:
    plant = PLANTS[6]
    last = PLAN.first_day + timedelta(days=plant.end - 1)
    morning = clock.span_of(last + timedelta(days=1), ZONE)[0] + alerts.SETTLED_AFTER
    assert alerts.look(shop="planted", at=morning, by=job("insight.look")) > 0
    found, _ = bands.deviations("planted", Period(last, last + timedelta(days=1)), limit=100)
    ring = next(one for one in found if (one.metric, one.place.cell) == ("gmv_paid", plant.region))
    truth = worlds.truth("fake-ring").on(last).amount_minor
    assert ring.actual - ring.high <= truth <= ring.actual - ring.low
    assert alerts.look(shop="quiet", at=morning, by=job("insight.look")) == 0


def test_the_words_that_find_nothing_are_the_ones_to_stock(worlds: Worlds) -> None:
    plant = PLANTS[1]
    period = days(plant.start, plant.end)
    proposed, usual = (
        {one.term.query for one in terms.searches(shop, period).proposals} for shop in ("planted", "quiet")
    )
    assert proposed - usual == set(plant.words)


def test_a_promotion_that_only_borrows_orders_is_worth_less_than_its_days_show(worlds: Worlds) -> None:
    truth = worlds.truth("promotion-lift")
    plant = PLANTS[7]
    last = PLAN.first_day + timedelta(days=plant.end - 1)
    gained = sum(one.goods_minor for one in truth.changes if one.day <= last)
    assert 0 < truth.goods_minor < gained


@cache
def raised(shop: str, number: int) -> tuple[Signal, ...]:
    """What a look at one day alone raises; some troubles are told on the same day."""
    day = PLAN.first_day + timedelta(days=number)
    at = clock.span_of(day, ZONE)[1] + alerts.SETTLED_AFTER
    signals.look(shop=shop, day=day, at=at, by=job("steer.look"))
    assert inbox.looked_with(shop, day) == ports.detectors.keys()
    return tuple(inbox.inbox(shop, at=at))


@pytest.mark.parametrize("key", TOLD_ON)
def test_a_trouble_raises_its_signal_with_its_size_and_the_twin_raises_none(worlds: Worlds, key: str) -> None:
    truth, number = worlds.truth(key), TOLD_ON[key]
    due = signalled.due(truth.plant)
    assert due is not None
    assert number - signalled.begins(truth) < due.within
    own = [one for one in raised("planted", number) if one.kind in due.kinds and one.subject in due.subjects]
    assert own
    day, apart = PLAN.first_day + timedelta(days=number), {one.subject for one in own}
    for one in own:
        true = signalled.true_minor(truth, PLAN, day, kind=one.kind, subject=one.subject, apart=apart)
        assert one.size.low_minor <= true <= one.size.high_minor, (true, one.size)
    assert [one for one in raised("quiet", number) if one.kind not in STANDING] == []


def test_every_trouble_has_its_day_here() -> None:
    assert {plant.key for plant in (*PLANTS, *TROUBLES) if signalled.due(plant)} == TOLD_ON.keys()


def _share(figure: Figure) -> tuple[int, int]:
    return figure.numerator, figure.denominator or 0


def _most(many: int, rate: float) -> int:
    """The least number that so many independent days at this rate do not exceed with 99.9 %."""
    total, most = 0.0, -1
    while total < CONFIDENCE:
        most += 1
        total += comb(many, most) * rate**most * (1 - rate) ** (many - most)
    return most


def test_the_page_about_rehearsals_prints_these_very_figures(worlds: Worlds) -> None:
    page = (ROOT / "docs/howto/rehearsal.md").read_text(encoding="utf-8")
    printed = page.split("```text\n")[1].split("\n```")[0].splitlines()
    assert printed == list(lines(worlds.truths, worlds.found))


def test_the_page_about_rehearsals_names_every_kind_and_its_usual_size() -> None:
    page = (ROOT / "docs/howto/rehearsal.md").read_text(encoding="utf-8")
    tables = [table for table in page.split("\n\n") if table.startswith("| ")]
    rows, weights = ({row.split("`")[1]: row for row in table.splitlines() if "| `" in row} for table in tables[::2])
    del rows["--plant"]
    assert tuple(rows) == choosing.KEYS
    assert set(weights) == set(rows) - {"promotion-lift"}
    for kind in KINDS:
        assert kind.name.zh in rows[kind.key]
        size = choosing.SIZES.get(kind.key)
        assert ("none" if size is None else f"{size:g}".replace("-", "−")) in rows[kind.key].split("|")[4]
