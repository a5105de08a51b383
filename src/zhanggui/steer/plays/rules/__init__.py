"""The rules of plays.

plans     a play as it is planned, and the limit above which somebody approves it
holding   how many are held out, and what that shows
occasions whom a play without a signal is for: a left cart, a birthday, a sleeping buyer, an open balance
states    how far a play may come
stopping  when it is stopped before its day
effects   what it brought: incremental, attributed and cost are three types
pooling   what a play like earlier ones may be expected to bring
"""

from zhanggui.steer.plays.rules.course import Deed, Done, Look, Play, Step, StepKind
from zhanggui.steer.plays.rules.effects import Attributed, Cost, Entry, Incremental, IncrementalPieces, Proof
from zhanggui.steer.plays.rules.holding import HALF_BP, Habit, HoldOut, Purpose, hold_out, least_shown
from zhanggui.steer.plays.rules.occasions import (
    ASLEEP_FOR_DAYS,
    BOUNDS,
    LEFT_FOR_DAYS,
    Occasion,
    number_of,
    occasion_of,
    source_of,
)
from zhanggui.steer.plays.rules.plans import (
    LONGEST_NAME,
    LONGEST_TEXT,
    TREATS_PEOPLE,
    TREATS_VISITORS,
    Action,
    Audience,
    Basis,
    Expected,
    Limit,
    Plan,
)
from zhanggui.steer.plays.rules.pooling import Pooled, pooled
from zhanggui.steer.plays.rules.states import EDGES, OPEN, Ending, Guard, State, check
from zhanggui.steer.plays.rules.stopping import LEAST_REACHED, UNEVEN_P, Course, StopRules, ending

__all__ = [
    "ASLEEP_FOR_DAYS",
    "BOUNDS",
    "EDGES",
    "HALF_BP",
    "LEAST_REACHED",
    "LEFT_FOR_DAYS",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "OPEN",
    "TREATS_PEOPLE",
    "TREATS_VISITORS",
    "UNEVEN_P",
    "Action",
    "Attributed",
    "Audience",
    "Basis",
    "Cost",
    "Course",
    "Deed",
    "Done",
    "Ending",
    "Entry",
    "Expected",
    "Guard",
    "Habit",
    "HoldOut",
    "Incremental",
    "IncrementalPieces",
    "Limit",
    "Look",
    "Occasion",
    "Plan",
    "Play",
    "Pooled",
    "Proof",
    "Purpose",
    "State",
    "Step",
    "StepKind",
    "StopRules",
    "check",
    "ending",
    "hold_out",
    "least_shown",
    "number_of",
    "occasion_of",
    "pooled",
    "source_of",
]
