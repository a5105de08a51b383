"""Why a coupon that somebody holds takes nothing off just now."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import AT, rule
from zhanggui.growth.promotions.rules import Rest, State, rest_of

TEN_OFF = "c: coupon 0-10"


@pytest.mark.parametrize(
    ("state", "options", "expected"),
    [
        (State.LIVE, "", None),
        (State.LIVE, "| starts 0 | ends 1 | budget 1", None),
        (State.PAUSED, "", Rest.PAUSED),
        (State.PAUSED, "| ends 0", Rest.ENDED),
        (State.PAUSED, "| budget 0", Rest.PAUSED),
        (State.ENDED, "| ends 1", Rest.ENDED),
        (State.LIVE, "| ends 0", Rest.ENDED),
        (State.LIVE, "| starts 1", Rest.AHEAD),
        (State.DRAFT, "", Rest.AHEAD),
        (State.LIVE, "| budget 0", Rest.SPENT),
    ],
)
def test_a_coupon_rests_for_one_reason(state: State, options: str, expected: Rest | None) -> None:
    assert rest_of(rule(f"{TEN_OFF} {options}"), state=state, at=AT) is expected
