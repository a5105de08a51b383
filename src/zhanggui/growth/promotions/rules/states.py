"""The states of promotions, their uses and their coupons."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How far a promotion has come; live ones hold only within their period."""

    DRAFT = "draft"
    ASKED = "asked"  # waits for a second person
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class Done(StrEnum):
    """What somebody did with a promotion."""

    WRITTEN = "written"
    CHANGED = "changed"
    TRIED = "tried"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    STARTED = "started"
    PAUSED = "paused"
    ENDED = "ended"


class Kept(StrEnum):
    """What became of a use: it holds, or the order came to nothing and it was given back."""

    HOLDS = "holds"
    UNDONE = "undone"


class Way(StrEnum):
    """How shoppers come by a coupon."""

    PUBLIC = "public"  # claimed in the coupon centre
    TARGETED = "targeted"  # given to people of a segment
    NEW = "new"  # given to everybody who registers
    BIRTHDAY = "birthday"
    COMEBACK = "comeback"  # given to who has not bought for long
    CODE = "code"  # typed in


class Hold(StrEnum):
    """What became of a coupon."""

    WAITING = "waiting"  # a code that nobody has typed yet
    HELD = "held"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"  # taken back by the shop


class Rest(StrEnum):
    """Why a coupon that is held takes nothing off just now, while its days run on."""

    AHEAD = "ahead"  # its promotion has not begun
    PAUSED = "paused"  # its promotion may go on
    SPENT = "spent"  # its promotion's budget is given out; what comes back can be used again
    ENDED = "ended"  # its promotion will not go on


# From which state to which a promotion may go, and what stops it: nothing else is allowed.
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.ASKED, State.LIVE, State.ENDED}),
    State.ASKED: frozenset({State.DRAFT, State.LIVE, State.ENDED}),
    State.LIVE: frozenset({State.PAUSED, State.ENDED}),
    State.PAUSED: frozenset({State.LIVE, State.ENDED}),
    State.ENDED: frozenset(),
}
