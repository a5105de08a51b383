"""Reading plays.

board, play, deeds, steps, looks   plays and what happened to them
ledger, entries_of, expected       what plays brought, and what that lets expect
people, habit, cost, attributed    what plays are counted from
filled_in                          a signal's proposal as a plan with every field filled
"""

from zhanggui.steer.plays.queries.counting import attributed, cost, habit, people, refusals
from zhanggui.steer.plays.queries.drafting import blank, filled_in, power
from zhanggui.steer.plays.queries.ledger import entries_of, expected, ledger, measurements
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
    "at_work",
    "attributed",
    "blank",
    "board",
    "cost",
    "deeds",
    "entries_of",
    "expected",
    "filled_in",
    "habit",
    "ledger",
    "limit",
    "looks",
    "measurements",
    "names",
    "open_play_of",
    "people",
    "play",
    "power",
    "promotions_of",
    "refusals",
    "steps",
]
