"""The rules of messages.

wording   words with gaps, and the page a link leads to
ready     wordings that are ready to be used
sending   when a message may leave, and to whom
standing  how a step stands
"""

from zhanggui.growth.messages.rules.ready import READY, Ready
from zhanggui.growth.messages.rules.sending import Terms, allowed_at, leaves_at, refusal
from zhanggui.growth.messages.rules.standing import Planned, Reason, Standing, State, Step
from zhanggui.growth.messages.rules.wording import (
    GAPS,
    Links,
    Shown,
    Wording,
    filled,
    has_gap,
    tagged,
    template_of,
    text_gaps,
)

__all__ = [
    "GAPS",
    "READY",
    "Links",
    "Planned",
    "Ready",
    "Reason",
    "Shown",
    "Standing",
    "State",
    "Step",
    "Terms",
    "Wording",
    "allowed_at",
    "filled",
    "has_gap",
    "leaves_at",
    "refusal",
    "tagged",
    "template_of",
    "text_gaps",
]
