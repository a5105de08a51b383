"""The line before the door: tokens, which are read without a statement."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings

from zhanggui.growth.flash import rules
from zhanggui.growth.flash.rules import Ticket


def token_of(ticket: Ticket) -> str:
    """What the bearer of a ticket carries."""
    return rules.sealed(ticket, _key(settings.SECRET_KEY))


def ticket_of(token: str, *, sale_id: str) -> Ticket | None:
    """The ticket that a token stands for; None if it is not ours or is one for another sale. No statement."""
    ticket = rules.opened(token, _key(settings.SECRET_KEY)) if token else None
    return ticket if ticket and ticket.sale_id == sale_id else None


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """The key of the seal: of the installation's secret, and good for nothing else."""
    return hashlib.sha256(b"growth.flash.ticket" + secret.encode()).digest()
