"""Reading messages: whom they reach, how their steps stand, what they say, what their links mean."""

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
from zhanggui.growth.messages.queries.wordings import (
    LANGUAGES,
    cost_minor,
    look_of,
    shown_as,
    text_of,
    text_to_approve,
)

__all__ = [
    "CONSENTS",
    "LANGUAGES",
    "Addressed",
    "Linked",
    "Reached",
    "cost_minor",
    "linked",
    "look_of",
    "messages",
    "reached",
    "shown_as",
    "standing",
    "step",
    "steps",
    "terms",
    "text_of",
    "text_to_approve",
    "underway",
    "wording",
]
