"""A step that is worse for some days by too little for any of them: what is proposed, and when."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import DAY, MORNING
from zhanggui.steer.signals.detectors import funnel_break, funnel_slip
from zhanggui.steer.signals.rules import Move
from zhanggui.steer.signals.rules.broken_steps import Counts, Where

pytestmark = pytest.mark.django_db
DEVICES = ("phone", "desktop", "tablet")
CHANNELS = ("direct", "email", "search")


def visits(*, place: str, cell: str, step: int) -> dict[date, dict[Where, Counts]]:
    """Forty days of visits; in the last five a third of a step is missing in one cell."""
    rng = np.random.default_rng(8)
    days: dict[date, dict[Where, Counts]] = {}
    for ago in range(40):
        cells: dict[Where, Counts] = {}
        for device in DEVICES:
            for channel in CHANNELS:
                is_worse = ago < 5 and cell in (device, channel)
                counts = [int(rng.poisson(120))]
                for n, share in enumerate((0.6, 0.4, 0.5, 0.6), start=1):
                    counts.append(int(rng.binomial(counts[-1], share * (0.66 if is_worse and n == step else 1.0))))
                a, b, c, d, e = counts
                cells[device, channel, "north" if rng.random() < 0.5 else "south"] = (a, b, c, d, e)
        days[DAY - timedelta(days=ago)] = cells
    return days


@pytest.mark.parametrize(
    ("place", "cell", "step", "move"),
    [
        ("channel", "email", 2, Move.PAGE),
        ("channel", "email", 3, Move.CHECK),
        ("device", "tablet", 2, Move.CHECK),
    ],
    ids=["fewer put it into the cart", "fewer go to the checkout", "on one kind of device"],
)
def test_a_product_page_that_sells_worse_for_days_is_to_be_tried_in_another_way(
    monkeypatch: pytest.MonkeyPatch, lake_folder: object, place: str, cell: str, step: int, move: Move
) -> None:
    a_shop()
    days = visits(place=place, cell=cell, step=step)
    monkeypatch.setattr(
        funnel_break,
        "counted",
        lambda shop, first, last, **_: {on: one for on, one in days.items() if first <= on <= last},
    )
    (found,) = [one for one in funnel_slip.detect("acme", DAY, at=MORNING) if one.subject == f"{place}:{cell}"]
    assert (found.kind, found.evidence[0].numbers["step"]) == ("funnel_slip", ("", "view", "add", "checkout")[step])
    assert (found.proposal.move, found.proposal.metric) == (move, "cvr_order_session")


def test_what_broke_overnight_is_to_be_mended_and_not_tried(
    monkeypatch: pytest.MonkeyPatch, lake_folder: object
) -> None:
    a_shop()
    days = visits(place="channel", cell="email", step=2)
    days |= {on: visits(place="", cell="", step=0)[on] for on in list(days)[1:5]}
    days[DAY] = {where: (*c[:2], 2, 1, 1) if where[1] == "email" else c for where, c in days[DAY].items()}
    monkeypatch.setattr(
        funnel_break,
        "counted",
        lambda shop, first, last, **_: {on: one for on, one in days.items() if first <= on <= last},
    )
    (found,) = funnel_break.detect("acme", DAY, at=MORNING)
    assert (found.kind, found.subject, found.proposal.move) == ("funnel_break", "channel:email", Move.CHECK)
