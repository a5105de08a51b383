"""What is told of the money that marketing costs and brings."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.margin_set")
class MarginSet:
    """Somebody said what is left of the revenue after the goods. Told each time, whether or not it is another figure.

    margin_bp  in hundredths of a percent: 3500 is 35 %
    """

    margin_bp: int


@fact(name="insight.spend_recorded")
class SpendRecorded:
    """A file said what a campaign cost on a day. Told as of that day, per channel and campaign.

    Not told of what was known already: all that is told of a campaign's day adds up to what it is known to have cost.

    amount_minor  how much more that is than was told before, below zero if it is less
    """

    import_id: str
    channel: str
    campaign: str = ""
    amount_minor: int
    currency: str
