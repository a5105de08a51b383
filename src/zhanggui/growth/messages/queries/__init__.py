"""Reading messages: whom they reach, how their steps stand, what their links mean."""

from zhanggui.growth.messages.queries.reaching import CONSENTS, Reached, reached
from zhanggui.growth.messages.queries.standing import (
    Addressed,
    Linked,
    linked,
    messages,
    standing,
    step,
    steps,
    terms,
    underway,
    wording,
)

__all__ = [
    "CONSENTS",
    "Addressed",
    "Linked",
    "Reached",
    "linked",
    "messages",
    "reached",
    "standing",
    "step",
    "steps",
    "terms",
    "underway",
    "wording",
]
