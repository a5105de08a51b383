"""Reading plays.

board, play, deeds, steps, looks   plays and what happened to them
ledger, entries_of, expected       what plays brought, and what that lets expect
people, habit, cost, attributed    what plays are counted from
filled_in, on_occasion             a signal's proposal, or an occasion's, as a plan with every field filled
meant, gone                        whom an occasion means, and for whom it no longer holds
"""

from zhanggui.steer.plays.queries.counting import attributed, cost, habit, people, refusals
from zhanggui.steer.plays.queries.drafting import OCCASIONS, blank, filled_in, on_occasion, power
from zhanggui.steer.plays.queries.ledger import entries_of, expected, ledger, measurements
from zhanggui.steer.plays.queries.occasions import gone, meant
from zhanggui.steer.plays.queries.plays import (
    at_work,
    board,
    deeds,
    limit,
    looks,
    names,
    open_play_of,
    play,
    promotions_of,
    steps,
)

__all__ = [
    "OCCASIONS",
    "at_work",
    "attributed",
    "blank",
    "board",
    "cost",
    "deeds",
    "entries_of",
    "expected",
    "filled_in",
    "gone",
    "habit",
    "ledger",
    "limit",
    "looks",
    "meant",
    "measurements",
    "names",
    "on_occasion",
    "open_play_of",
    "people",
    "play",
    "power",
    "promotions_of",
    "refusals",
    "steps",
]
