"""The detectors that read shop, growth and supply, each over a small shop; the planted shop tries them at large."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from django.urls import reverse

from tests.insight.metrics.events import a_shop, an_event, bought, line, remember
from zhanggui.base.operation.rules import operator
from zhanggui.config import wiring
from zhanggui.doors.console import segment_words
from zhanggui.insight.segments import ports as segments
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import Source
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.signals import ports
from zhanggui.steer.signals.detectors import (
    balances_due,
    churn_wave,
    dead_stock,
    late_parcels,
    price_response,
    return_spike,
    stacking,
    stockout_ahead,
)
from zhanggui.steer.signals.rules import Finding, Move
from zhanggui.supply.stock import actions as stock

MINE = {
    "balances_due": balances_due,
    "churn_wave": churn_wave,
    "dead_stock": dead_stock,
    "late_parcels": late_parcels,
    "price_response": price_response,
    "return_spike": return_spike,
    "stacking": stacking,
    "stockout_ahead": stockout_ahead,
}
FIRST = date(2026, 5, 1)
LAST = FIRST + timedelta(days=69)
MORNING = datetime(2026, 7, 10, 1, tzinfo=UTC)


def day_at(n: int, hour: str = "03:00") -> str:
    return f"{FIRST + timedelta(days=n)}T{hour}"


def sold(number: str, n: int, *, person: str, taken_off: dict[str, int] | None = None) -> Iterator[Envelope]:
    """An order of one piece of tea at 10.00, less what offers take off it."""
    left = 1_000 - sum((taken_off or {}).values())
    tea = line("TEA", 1, left, "leaf")
    yield from bought(number, day_at(n), tea, person=person)
    yield an_event("supply.stock_held", day_at(n), order_number=number, lines=(tea,))
    for offer, minor in (taken_off or {}).items():
        body = {"promotion_id": offer, "kind": "coupon_rate", "funded_by": "shop"}
        yield an_event(
            "growth.promotion_redeemed", day_at(n), order_number=number, person=person, amount_minor=minor, body=body
        )


def shipped(number: str, n: int) -> Envelope:
    return an_event("shop.parcel_shipped", day_at(n), order_number=number, body={"parcel_id": f"{number}-1"})


def received(sku: str, units: int, *, cost_minor: int | None = None) -> Envelope:
    return an_event("supply.stock_received", day_at(0, "01:00"), sku=sku, quantity=units, amount_minor=cost_minor)


@pytest.fixture(scope="module")
def ten_weeks(standing_world: None) -> None:
    """Two orders of tea a day, of which the last pieces are sold; pots that nobody buys.

    Every tenth order has a tenth off; on the last day four have 60 % off by two offers, all by eve. Since three
    days ago nothing left the house.
    """
    shop = a_shop()
    told = [received("TEA", 144), received("POT", 5, cost_minor=15_000)]
    for n in range(70):
        for half in range(2):
            number = f"T{n}-{half}"
            told += sold(number, n, person=f"p{2 * n + half}", taken_off={"ten": 100} if n < 69 else None)
            told += [shipped(number, n)] if n < 66 else []
    for nth in range(4):
        told += sold(f"E{nth}", 69, person="eve", taken_off={"ten": 100, "half": 500})
    remember(shop, told)


def found(name: str, *, day: date = LAST) -> list[Finding]:
    return list(MINE[name].detect("acme", day, at=MORNING))


def amounts(finding: Finding) -> tuple[int, int, int]:
    return finding.size.low_minor, finding.size.expected_minor, finding.size.high_minor


@pytest.mark.django_db
def test_what_is_sold_out_is_missed_until_more_can_be_here(ten_weeks: None) -> None:
    (finding,) = found("stockout_ahead")
    assert (finding.subject, finding.proposal.move, finding.proposal.sku) == ("sku:TEA", Move.RESTOCK, "TEA")
    assert finding.evidence[0].numbers == {"sku": "TEA", "free": 0, "wanted": 15, "days": 7}
    low, expected, high = amounts(finding)
    assert low < 7 * 2 * 900 < high
    assert low < expected < high
    assert found("stockout_ahead", day=FIRST + timedelta(days=40)) == []


@pytest.mark.django_db
def test_what_the_warehouse_says_counts_more_than_what_was_told(ten_weeks: None) -> None:
    stock.receive(reference="R1", units={"TEA": 100}, trail=Trail(shop="acme"), by=operator("7"))
    assert found("stockout_ahead") == []


@pytest.mark.django_db
def test_pots_that_nobody_buys_tie_up_what_they_cost(ten_weeks: None) -> None:
    (finding,) = found("dead_stock")
    assert (finding.subject, finding.proposal.move) == ("sku:POT", Move.DELIST)
    assert amounts(finding) == (15_000, 15_000, 15_000)
    assert finding.evidence[0].what == "lies_at_cost"
    assert finding.evidence[0].numbers == {"sku": "POT", "units": 5, "days": 69, "minor": 15_000}
    assert found("dead_stock", day=FIRST + timedelta(days=59)) == []


@pytest.mark.django_db
def test_orders_that_should_have_left_are_worth_what_was_paid_for_them(ten_weeks: None) -> None:
    (finding,) = found("late_parcels")
    assert finding.evidence[0].numbers == {"orders": 4, "minor": 3_600, "hours": 37}
    assert finding.evidence[1].what == "leave_slower"
    assert finding.evidence[1].numbers == {"left": 0, "of": 6, "usual_tenths": 60}
    assert amounts(finding) == (3_600 + 1_766, 3_600 + 3_494, 3_600 + 4_836)
    assert found("late_parcels", day=LAST - timedelta(days=2)) == []


@pytest.mark.django_db
def test_discounts_that_were_heaped_up_and_one_who_used_them_are_found(ten_weeks: None) -> None:
    heaped, *leaked = found("stacking")
    assert (heaped.kind, heaped.subject, heaped.adds_up) == ("stacking", "", True)
    assert amounts(heaped) == (400, 2_000, 2_400)
    assert heaped.evidence[0].numbers == {"orders": 4, "of": 4, "meant_bp": 5_000}
    assert leaked == []
    assert found("stacking", day=LAST - timedelta(days=1)) == []


@pytest.mark.django_db
def test_who_stays_away_from_a_cell_can_be_asked_for(ten_weeks: None) -> None:
    terms = {"cut": "channel", "cell": "x", "since": LAST.isoformat()}
    query = churn_wave.people("acme", terms, at=MORNING)
    assert query.startswith("select distinct person from")
    assert segments.people["churn_wave"] is churn_wave.people
    said = segment_words.says(Source(kind="churn_wave", terms=terms))
    assert (LAST.strftime("%Y") in said, "churn_wave" in said) == (True, False)
    with pytest.raises(TermsUnfit):
        churn_wave.people("acme", terms | {"cut": "device"}, at=MORNING)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MINE))
def test_a_shop_of_which_nothing_is_known_has_no_findings(ten_weeks: None, name: str) -> None:
    a_shop("bare")
    assert list(MINE[name].detect("bare", LAST, at=MORNING)) == []


def test_all_of_them_are_asked_every_day() -> None:
    assert wiring.jobs
    assert {name: ports.detectors[name] for name in MINE} == {name: one.detect for name, one in MINE.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["stockout_ahead", "dead_stock", "late_parcels", "stacking"])
def test_evidence_leads_to_pages_of_that_shop(ten_weeks: None, name: str) -> None:
    for finding in found(name):
        for evidence in finding.evidence:
            assert reverse(f"console:{evidence.page}")
            assert parse_qs(evidence.query)["shop"] == ["acme"]
