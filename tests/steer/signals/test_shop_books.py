"""The detectors that read the books of a shop that runs here: its parcels and its presales."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.growth.presale.conftest import plugged as plugged
from tests.growth.presale.conftest import shop as presale_shop  # noqa: F401
from tests.growth.presale.made import (
    HOUR,
    a_balance,
    a_deposit,
    a_presale,
    a_shopper,
    balances_are_open,
    pay,
    time_is,
)
from tests.shop.conftest import wait as wait
from tests.shop.fulfilment.conftest import porter as porter
from tests.shop.fulfilment.conftest import shop as shop
from tests.shop.fulfilment.made import a_line, a_parcel, in_stock
from tests.shop.made import SHOP
from zhanggui.base import clock
from zhanggui.doors.rehearsal.simulator.presold import presold
from zhanggui.insight.segments import ports as segments
from zhanggui.steer.signals.detectors import balances_due, late_parcels
from zhanggui.steer.signals.rules import Move


@pytest.mark.django_db
@pytest.mark.tables("orders", "parcels")
def test_a_shop_that_runs_here_is_late_when_its_own_promise_is(shop: None, lake_folder: object) -> None:
    in_stock(CUP=20)
    parcels = [a_parcel(a_line()) for _ in range(3)]
    now, later = clock.now(), clock.now() + timedelta(hours=50)
    days = [clock.day_of(at, "Asia/Shanghai") for at in (now, later)]
    assert list(late_parcels.detect(SHOP, days[0], at=now)) == []
    (finding,) = late_parcels.detect(SHOP, days[1], at=later)
    assert finding.evidence[0].numbers["orders"] == len(parcels)
    assert 0 < finding.evidence[0].numbers["hours"] < 50


@pytest.mark.django_db
def test_balances_that_nobody_paid_yet_press_before_their_time_is_over(
    presale_shop: None,  # noqa: F811
    lake_folder: object,
) -> None:
    presale = a_presale()
    for number in range(2):
        a_deposit(presale, a_shopper(number))
    now = clock.now()
    today = clock.day_of(now, "Asia/Shanghai")
    assert list(balances_due.detect(SHOP, today - timedelta(days=1), at=now)) == []
    balances_are_open(presale)
    (finding,) = balances_due.detect(SHOP, today, at=now)
    assert (finding.kind, finding.subject) == ("balances_due", f"presale:{presale}")
    assert finding.size.high_minor == 80_000
    assert 0 <= finding.size.low_minor < finding.size.expected_minor < 80_000
    assert (finding.proposal.move, finding.proposal.metric) == (Move.MESSAGE, "balance_paid_rate")
    assert finding.proposal.audience is not None
    assert "select distinct number" in segments.people["balances_due"](SHOP, finding.proposal.audience.terms, at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("unpaid", [0.5, 0.0], ids=["half of them never pay", "its twin, in which all do"])
def test_planted_balances_are_told_with_their_size_on_the_first_day_that_presses_and_a_twin_has_none(
    presale_shop: None,  # noqa: F811
    lake_folder: object,
    unpaid: float,
) -> None:
    truth = presold(people=6, days=7, balance_minor=40_000, unpaid=unpaid, rng=np.random.default_rng(3))
    presale, people = a_presale(), [a_shopper(number) for number in range(len(truth.pays_on))]
    for walk in people:
        a_deposit(presale, walk)
    balances_are_open(presale)
    for who in truth.paid_by(3):
        placed = a_balance(people[who])
        pay(placed.order_number, placed.payment_id)
    now = clock.now()
    today = clock.day_of(now, "Asia/Shanghai")
    end = clock.span_of(today, "Asia/Shanghai")[1]

    time_is(presale, balance_until=end + 73 * HOUR)
    assert list(balances_due.detect(SHOP, today, at=now)) == []  # four days are left
    time_is(presale, balance_until=end + 72 * HOUR)
    found = list(balances_due.detect(SHOP, today, at=now))

    assert [one.subject for one in found] == ([f"presale:{presale}"] if unpaid else [])
    for one in found:
        assert one.size.low_minor <= truth.lost_minor <= one.size.high_minor
        assert one.evidence[0].numbers["open"] == 3


def test_drawn_balances_are_as_many_as_were_planted() -> None:
    truth = presold(people=40, days=7, balance_minor=100, unpaid=0.25, rng=np.random.default_rng(1))
    assert truth.lost_minor == 1_000
    assert len(truth.paid_by(6)) == len(truth.paid_by(3)) == 30
    assert 0 < len(truth.paid_by(0)) < 30
    with pytest.raises(ValueError, match="share"):
        presold(people=1, days=7, balance_minor=1, unpaid=1.5, rng=np.random.default_rng(1))
