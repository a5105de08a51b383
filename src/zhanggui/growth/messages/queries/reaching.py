"""Whom a message can reach: asked when it is planned, and again when it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import rules
from zhanggui.growth.messages.rules import Reason
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Purpose, Reachable

# Which consent a channel's advertising needs.
CONSENTS: Final = {Channel.EMAIL: Purpose.MARKETING_EMAIL, Channel.SMS: Purpose.MARKETING_SMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a message reaches somebody, or why it does not.

    language  zh or en: that in which they read the shop, else the shop's
    """

    customer_id: UUID | None = None
    name: str = ""
    to: str = ""
    language: str = ""
    refusal: Reason | None


def reached(shop: str, persons: Sequence[str], channel: Channel) -> dict[str, Reached]:
    """How a channel reaches each of these persons now. One statement."""
    found = customers.reachable(shop, persons, CONSENTS[channel])
    return {person: _reached(found.get(person), channel) for person in persons}


def _reached(one: Reachable | None, channel: Channel) -> Reached:
    if one is None:
        return Reached(refusal=rules.refusal(has_account=False, address="", agrees=False))
    to = one.contact.email if channel is Channel.EMAIL else one.contact.phone
    return Reached(
        customer_id=one.customer_id,
        name=one.contact.name,
        to=to,
        language=one.language or settings.LANGUAGE_CODE[:2],
        refusal=rules.refusal(has_account=True, address=to, agrees=one.agrees),
    )
