"""Why an event was not kept, and how two ids are known to be one person, in the operator's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from zhanggui.insight.identity.rules import How
from zhanggui.spine.sightings.rules.reasons import Reason

REASONS: Final[dict[Reason, Promise]] = {
    Reason.NOT_AN_OBJECT: lazy("An event must be a JSON object."),
    Reason.TOO_LARGE: lazy("An event may be at most 32 KB of JSON."),
    Reason.TOO_DEEP: lazy("An event may be nested at most 64 levels deep."),
    Reason.UNKNOWN_TYPE: lazy("The type must be track, page, screen, identify, group or alias."),
    Reason.MISSING_NAME: lazy("A track call must name its event."),
    Reason.LONG_NAME: lazy("An event's name may be at most 80 characters long."),
    Reason.RESERVED_NAME: lazy(
        "A name such as shop.order_placed is a fact of the business; visitors cannot tell it. Rename the event."
    ),
    Reason.BROKEN_TIMESTAMP: lazy("The timestamp is not a moment; write it like 2026-11-21T10:00:00.000Z."),
    Reason.BROKEN_PROPERTIES: lazy("The properties must be a JSON object."),
    Reason.BROKEN_NUMBER: lazy("A number has thousands of digits; no client means that."),
    Reason.NO_IDENTITY: lazy(
        "An identify, group or alias call must say who: an id that is not empty, null or undefined."
    ),
}

HOWS: Final[dict[How, Promise]] = {
    How.IDENTIFY: lazy("a client said so (identify)"),
    How.ALIAS: lazy("a client said so (alias)"),
    How.SIGNED_IN: lazy("signed in to the shop"),
    How.BY_HAND: lazy("an operator said so"),
}
