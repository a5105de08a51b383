"""How members hear of something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.membership.queries.members import account_of
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers import rules as consent
from zhanggui.shop.customers.rules import Purpose, Said

# Which consent a channel's advertising needs.
_CONSENT: Final = {Channel.EMAIL: Purpose.MARKETING_EMAIL, Channel.SMS: Purpose.MARKETING_SMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a message reaches somebody.

    language           that the shop was read in when they last agreed to something
    takes_advertising  whether they agree to advertising on that channel now; silence is no
    """

    channel: Channel
    to: str
    language: str
    takes_advertising: bool


def reach(shop: str, person: str) -> Reach | None:
    """By mail if there is an address, else by text message; None for a guest and where nothing can be sent.

    Three statements.
    """
    customer_id = account_of(shop, person)
    channel, to = _way(customer_id) if customer_id else (None, "")
    if customer_id is None or channel is None:
        return None
    said = customers.consents(customer_id)
    return Reach(
        channel=channel, to=to, language=_language(said), takes_advertising=consent.is_given(said, _CONSENT[channel])
    )


def _way(customer_id: UUID) -> tuple[Channel | None, str]:
    contact = customers.contact(customer_id)
    if contact.email and mailing.can_send(Channel.EMAIL):
        return Channel.EMAIL, contact.email
    if contact.phone and mailing.can_send(Channel.SMS):
        return Channel.SMS, contact.phone
    return None, ""


def _language(said: Sequence[Said]) -> str:
    return "en" if said and said[-1].language.startswith("en") else settings.LANGUAGE_CODE
