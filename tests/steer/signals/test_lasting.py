"""Trouble that goes on: it stays one signal, does not become what is usual, and closes when it is mended."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import ANN, CLOCK, DAY, MORNING, a_finding, finder, on
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import actions, ports, queries
from zhanggui.steer.signals.rules import CLOSES_AFTER, LOOKED_BACK, Comparison, Trigger, is_pulled, undisturbed
from zhanggui.steer.signals.rules.broken_steps import Counts, Where, breaks, spared
from zhanggui.steer.signals.rules.lateness import PAST_DAYS, chance_of
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE
from zhanggui.steer.signals.rules.risks import undisturbed as without_told
from zhanggui.steer.signals.rules.running_out import HISTORY_DAYS, Sold, shortage

TABLET = "device:tablet"
BROKE, MENDED = 28, 68


def visits(n: int, rng: random.Random) -> dict[Where, Counts]:
    """A day of three hundred visits on each of two devices; from BROKE to MENDED tablets get past the till half as
    often.
    """
    found: dict[Where, Counts] = {}
    for device in ("phone", "tablet"):
        views, adds = (sum(rng.random() < share for _ in range(300)) for share in (0.8, 0.4))
        adds = min(adds, views)
        share = 0.35 if device == "tablet" and BROKE <= n < MENDED else 0.7
        checkouts = sum(rng.random() < share for _ in range(adds))
        found[device, "direct", "north"] = (300, views, adds, checkouts, checkouts // 2)
    return found


def told(days: dict[date, dict[Where, Counts]], *, spares: bool) -> list[int]:
    """The days on which the break of tablets is found, looked at one after the other as a worker does."""
    found: list[int] = []
    for n in range(BROKE, MENDED + 14):
        since = [Period(on(found[0]), on(min(n, found[-1] + CLOSES_AFTER.days)))] if found and spares else []
        past = {when: counts for when, counts in days.items() if when <= on(n) and when > on(n) - LOOKED_BACK}
        if any(one.cell == "tablet" for one in breaks(spared(past, {TABLET: since}), on(n))):
            found.append(n)
    return found


def test_a_break_that_goes_on_is_found_on_each_of_its_days_and_not_when_it_is_mended():
    rng = random.Random(7)
    days = {on(n): visits(n, rng) for n in range(MENDED + 14)}

    assert told(days, spares=True) == list(range(BROKE, MENDED))
    assert told(days, spares=False) != list(range(BROKE, MENDED))  # held against itself it falls silent


@pytest.mark.parametrize(
    ("spans", "end"),
    [
        ([], 100),
        ([(90, 100)], 90),
        ([(60, 65)], 100),  # so long ago that four weeks without it lie between
        ([(60, 65), (80, 100)], 60),  # between the two there are no four weeks
        ([(-99, 100)], 100 - LOOKED_BACK.days + 28),  # how the shop is
    ],
)
def test_a_day_is_held_against_the_last_weeks_without_trouble(spans: Sequence[tuple[int, int]], end: int):
    assert undisturbed(on(100), [Period(on(a), on(b)) for a, b in spans], days=28) == on(end)


def test_days_of_a_pulled_trigger_do_not_become_the_usual():
    trigger = Trigger(metric="refund_rate", comparison=Comparison.UP_BY, threshold=5_000, days=2)
    course: list[float | None] = [100.0] * 30 + [200.0] * 20

    assert not is_pulled(trigger, course)
    assert is_pulled(trigger, without_told(trigger, course, range(2, 20)))


def test_a_few_late_parcels_every_day_stay_more_than_usual_while_they_last():
    quiet = [0] * PAST_DAYS

    assert chance_of(4, before=quiet) <= DAILY_FALSE < chance_of(4, before=[0] * 10 + [4] * 18)


def test_what_is_sold_out_for_six_weeks_is_missed_as_on_the_first_day():
    had, gone = (
        Sold(orders=2, units=2, minor=2_000, is_to_be_had=True),
        Sold(orders=0, units=0, minor=0, is_to_be_had=False),
    )
    days = [had] * (HISTORY_DAYS - 42) + [gone] * 42

    found = shortage(days, first=DAY, free_units=0, lead_days=7, busy=(1.0,) * 7)

    assert found is not None
    assert found.wanted_units == 14


@pytest.mark.tables("orders")
@pytest.mark.django_db
def test_days_that_a_signal_calls_broken_are_known_until_it_closes(lake_folder: object, monkeypatch):
    a_shop()
    monkeypatch.setattr(
        ports, "detectors", {"funnel_break": finder(a_finding(), a_finding(day=on(3)), a_finding(subject="device:tv"))}
    )
    for n in range(11):
        actions.look(shop="acme", day=on(n), at=MORNING, by=CLOCK)
        if n == 0:
            (tv,) = (one for one in queries.inbox("acme", at=MORNING) if one.subject == "device:tv")
            actions.dismiss(id=tv.id, is_useful=False, words="nobody shops on a television", by=ANN)
        if n == 9:
            assert queries.troubles("acme", "funnel_break", before=on(10)) == {TABLET: (Period(DAY, on(10)),)}

    assert queries.troubles("acme", "funnel_break", before=on(2)) == {TABLET: (Period(DAY, on(2)),)}
    assert queries.troubles("acme", "funnel_break", before=on(12)) == {TABLET: (Period(DAY, on(4)),)}
    assert queries.troubles("acme", "funnel_break", before=on(3) + LOOKED_BACK + timedelta(days=1)) == {}
