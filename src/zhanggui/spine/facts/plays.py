"""What plays tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="steer.play_proposed")
class PlayProposed:
    """Somebody planned a play: what is to be done, to whom, and what may be lost by it. Told once per play.

    Not told again when the plan is changed. Its cause is the signal, if it answers one.

    signal_id  empty without a signal
    """

    play_id: str
    signal_id: str = ""
    move: str
    metric: str
    cost_cap_minor: int
    currency: str


@fact(name="steer.play_started")
class PlayStarted:
    """A play goes on from now; who is treated and who is held out is drawn. Told once per play.

    Not told again of people who come later. Its cause is the proposal.

    trial_id         empty where everybody is treated, as are the two counts then 0
    area             of the budget that bears it
    fixed_minor      what it costs besides what other facts tell of
    campaign         by which its messages and orders are known
    ends_on          the day after its last, as YYYY-MM-DD
    """

    play_id: str
    trial_id: str = ""
    move: str
    metric: str
    treated: int = 0
    held_out: int = 0
    area: str
    fixed_minor: int
    cost_cap_minor: int
    currency: str
    campaign: str
    ends_on: str


@fact(name="steer.play_stopped")
class PlayStopped:
    """A play that ran is over, on its day or before it, and what it had changed is changed back.

    Not told of a plan that was dropped before it started.

    reason  its_day, by_hand, loss, refusals, cost_cap, budget, returns, bounces or uneven
    """

    play_id: str
    reason: str


@fact(name="steer.effect_measured")
class EffectMeasured:
    """What a play brought that would not have come otherwise, with its 95 % interval. Told per measurement.

    Attributed money is not in it, so that nobody adds the two.

    proof            held_out, or season for the weaker evidence
    gmv, margin      in minor units: value, low, high; margin is null where what goods cost is not known
    orders           in thousandths of an order
    cost_minor       messages, discounts, spend and fixed cost
    """

    play_id: str
    effect_id: str
    move: str
    metric: str
    proof: str
    treated: int
    held_out: int
    gmv_minor: int
    gmv_low_minor: int
    gmv_high_minor: int
    margin_minor: int | None = None
    margin_low_minor: int | None = None
    margin_high_minor: int | None = None
    orders_milli: int
    orders_low_milli: int
    orders_high_milli: int
    cost_minor: int
    currency: str
