"""What messages to people tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.message_sent")
class MessageSent:
    """A marketing message to one person was put into the outbox, once for a step and a person.

    step        what it belongs to, as it was planned
    channel     email or sms
    campaign    as it stands in the message's link; empty if none
    coupon      that was given along with it; empty if none
    cost_minor  what sending costs
    segments    as how many text messages it is counted and paid; 1 for a mail
    Not told when it arrives: the outbox knows whether it left, and what its carrier says of it.
    """

    message_id: str
    step: str
    channel: str
    campaign: str = ""
    coupon: str = ""
    cost_minor: int
    currency: str
    segments: int = 1


@fact(name="growth.message_clicked")
class MessageClicked:
    """Somebody opened the shop through the link in a message; told once for a message, the first time."""

    message_id: str
    step: str
    channel: str
    campaign: str = ""


@fact(name="growth.message_refused")
class MessageRefused:
    """Somebody gets no message of a step, now or later.

    reason  no_account, no_address, no_consent, too_many, no_coupon, has_coupon, too_late, not_meant or stopped
    """

    message_id: str
    step: str
    channel: str
    reason: str
