"""Why an event is not kept, in words for the person who mends the client."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Each reason's code, as the console groups by it."""

    NOT_AN_OBJECT = "not_an_object"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_NAME = "missing_name"
    LONG_NAME = "long_name"
    RESERVED_NAME = "reserved_name"
    BROKEN_TIMESTAMP = "broken_timestamp"
    BROKEN_PROPERTIES = "broken_properties"
    BROKEN_NUMBER = "broken_number"
    NO_IDENTITY = "no_identity"


WORDS: Final[dict[Reason, str]] = {
    Reason.NOT_AN_OBJECT: "An event must be a JSON object.",
    Reason.TOO_LARGE: "An event may be at most 32 KB of JSON.",
    Reason.TOO_DEEP: "An event may be nested at most 64 levels deep.",
    Reason.UNKNOWN_TYPE: "The type must be track, page, screen, identify, group or alias.",
    Reason.MISSING_NAME: "A track call must name its event.",
    Reason.LONG_NAME: "An event's name may be at most 80 characters long.",
    Reason.RESERVED_NAME: "A name such as shop.order_placed is a fact of the business; visitors cannot tell it.",
    Reason.BROKEN_TIMESTAMP: "The timestamp is not a moment; write it like 2026-11-21T10:00:00.000Z.",
    Reason.BROKEN_PROPERTIES: "The properties must be a JSON object.",
    Reason.BROKEN_NUMBER: "A number has thousands of digits; no client means that.",
    Reason.NO_IDENTITY: "An identify, group or alias call must say who: an id that is not empty, null or undefined.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One event that is not kept.

    name    what it was called, as far as that could be read
    sample  its JSON, cut, without what would name a person
    """

    reason: Reason
    name: str
    sample: str


class Broken(ValueError):
    """Leaves the reading of one event; `reason` says why. Never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
