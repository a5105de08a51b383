"""What one day can tell at most, and that the page about rehearsals says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhanggui.steer.signals.rules import DAILY_FALSE, askable, churn_waves, dead_stock, price_responses
from zhanggui.steer.signals.rules.churn_waves import Buying
from zhanggui.steer.signals.rules.dead_stock import Looks
from zhanggui.steer.signals.rules.price_responses import Course
from zhanggui.steer.signals.rules.tellable import smallest_loss

ROOT = Path(__file__).parents[3]
# Of a shop's orders, or of its days with visits, as many as these; and among how many cells or goods it is looked for.
KINDS = ((1.0, 1), (0.1, 50), (0.2, 40), (0.02, 100), (0.002, 100))


@pytest.mark.parametrize(("due", "tests", "part"), [(100, 1, 0.324), (100, 40, 0.409), (10, 100, 0.978)])
def test_the_smallest_loss_that_a_day_tells_is_the_worked_number(due: float, tests: int, part: float) -> None:
    assert smallest_loss(due, tests=tests) == pytest.approx(part, abs=0.0005)


def test_of_so_few_orders_that_none_is_no_surprise_a_day_tells_nothing() -> None:
    assert smallest_loss(5, tests=40) is None
    assert smallest_loss(5, tests=1) is None
    assert smallest_loss(6, tests=1) is not None


@pytest.mark.parametrize("tests", [1, 40, 100])
def test_the_more_comes_on_a_day_the_less_has_to_be_missing(tests: int) -> None:
    parts = [smallest_loss(due, tests=tests) or 1.0 for due in (20, 60, 200, 1_000, 10_000)]
    assert parts == sorted(parts, reverse=True)
    assert parts[-1] < 0.06


@pytest.mark.parametrize(("false_share", "asked"), [(0.005, (True, False, False)), (0.01, (True, True, False))])
def test_what_could_not_come_out_whatever_came_is_not_asked(false_share: float, asked: tuple[bool, ...]) -> None:
    assert askable([0.001, 0.004, 0.2], false_share=false_share) == asked
    assert askable([]) == ()


@pytest.mark.parametrize(("orders", "least"), [(116, 0.0), (10_000, 0.95)])
def test_a_large_shop_tells_on_its_first_day_what_a_small_one_cannot(orders: int, least: float) -> None:
    rng, shares = np.random.default_rng(9), {"price": 0.02, "dead": 0.02, "churn": 0.1}
    told = {kind: [_TOLD[kind](rng, orders * share) for _ in range(20)] for kind, share in shares.items()}
    rates = {kind: sum(each) / len(each) for kind, each in told.items()}
    if least:
        assert min(rates.values()) >= least, rates
    else:
        assert max(rates.values()) <= 0.2, rates


def _dearer(rng: np.random.Generator, daily: float) -> bool:
    """A SKU that became dearer this day, at an elasticity of -3."""
    before, came = int(rng.poisson(56 * daily)), int(rng.poisson(daily * 1.3**-3))
    rise = Course(views=50, orders=came, minor=1_300 * came)
    found = price_responses.response(Course(views=50 * 56, orders=before, minor=1_000 * before), rise)
    return found is not None and found.chance <= DAILY_FALSE


def _dead(rng: np.random.Generator, daily: float) -> bool:
    """A SKU among a hundred that nobody bought this day."""
    looks = Looks(since=10 * daily, before=round(560 * daily), orders=int(rng.poisson(56 * daily)))
    return dead_stock.chance_of_pause(looks) <= DAILY_FALSE / 100


def _wave(rng: np.random.Generator, daily: float) -> bool:
    """A tenth of all buyers, of whom six in ten stay away since this day: the last three days, among forty cells."""
    past, now = ({f"c{n}": _cell(rng, daily, days=days) for n in range(10)} for days in (56, 3))
    now["c0"] = _cell(rng, daily, days=2.4)
    chances = [wave.chance for wave in churn_waves.waves(now, past) if wave.cell == "c0"]
    return len(churn_waves.TOGETHER) * chances[0] <= DAILY_FALSE / 40


def _cell(rng: np.random.Generator, daily: float, *, days: float) -> Buying:
    again, new, came = (int(rng.poisson(daily * days * rate)) for rate in (0.5, 0.5, 1.0))
    return Buying(again=again, new=new, minor=1_000 * again, came=came, strangers=round(20 * daily * round(days + 0.4)))


_TOLD = {"price": _dearer, "dead": _dead, "churn": _wave}


def test_the_page_about_rehearsals_prints_what_one_day_tells() -> None:
    page = (ROOT / "docs/howto/rehearsal.md").read_text(encoding="utf-8")
    rows = page.split("| what is missing |")[1].split("\n\n")[0].splitlines()[2:]
    assert [[cell.strip() for cell in row.split("|")[2:-1]] for row in rows] == [
        [_said(smallest_loss(orders * part, tests=tests)) for orders in (100, 1_000, 10_000)] for part, tests in KINDS
    ]


def _said(part: float | None) -> str:
    return "no part" if part is None else f"{part:.0%}".replace("%", " %")
