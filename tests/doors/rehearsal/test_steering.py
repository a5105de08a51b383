"""The demonstration shop is steered: simulated people answer letters, and weeks go by for the rehearsal alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import numpy as np

from zhanggui.base import clock
from zhanggui.doors.rehearsal import answering, catalogue
from zhanggui.doors.rehearsal.answering import Answer
from zhanggui.doors.rehearsal.simulator.plan import Plan

SOURCE = Path(clock.__file__).parents[1]
PLAN = Plan(shop="demo", goods=catalogue.goods(), last_day=date(2026, 10, 20), days=40, sightings=40_000, orders=2_500)
SENT = date(2026, 10, 12)
PERSONS = [f"0199f3a1-7c2e-7d4b-9a51-{n:012d}" for n in range(400)]


def test_some_of_those_who_are_written_to_order_once_from_the_day_after_up_to_yesterday():
    heard = answering.orders(PLAN, PERSONS, on=SENT, answer=Answer(rate=0.2, days=12))

    placed = heard.filter(np.array([name == "shop.order_placed" for name in heard["name"].to_pylist()]))
    buyers, days = placed["person"].to_pylist(), placed["day"].to_pylist()
    assert set(buyers) <= set(PERSONS)
    assert len(buyers) == len(set(buyers))
    assert 20 < len(buyers) < 80  # of eighty, eight days of twelve are over
    assert SENT < min(days) <= max(days) <= PLAN.last_day
    assert max(heard["day"].to_pylist()) <= PLAN.last_day


def test_the_same_people_answer_alike_however_often_it_is_asked():
    one, again = (answering.orders(PLAN, PERSONS, on=SENT, answer=Answer(rate=0.2, days=12)) for _ in range(2))

    assert one.equals(again)


def test_another_moment_holds_for_who_rehearses_and_nobody_else():
    moment, elsewhere = datetime(2026, 10, 1, tzinfo=UTC), []

    with clock.rehearsed(moment):
        other = Thread(target=lambda: elsewhere.append(clock.now()))
        other.start()
        other.join()
        assert clock.now() == moment

    assert elsewhere[0] > moment
    assert clock.now() > moment


def test_only_the_rehearsal_lets_it_be_another_moment():
    users = {
        path.relative_to(SOURCE).parts[:2] for path in SOURCE.rglob("*.py") if "clock.rehearsed" in path.read_text()
    }

    assert users == {("doors", "rehearsal")}
