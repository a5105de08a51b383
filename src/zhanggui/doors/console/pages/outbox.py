"""Messages that left, or should have."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse

from zhanggui.base.accounts.rules import Right
from zhanggui.base.outbox import queries
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.customers.rules import masked_email, masked_phone

_SHOWN: Final = 100


@page(Right.SEE_SYSTEM, needs_shop=False)
def outbox(request: ConsoleRequest) -> HttpResponse:
    """The newest messages; what they say only in a shop that is not open to the world."""
    letters = [
        (one, masked_phone(one.to) if one.channel is Channel.SMS else masked_email(one.to))
        for one in queries.letters(limit=_SHOWN)
    ]
    is_sandbox = queries.called_at(Channel.SMS) is not None and not queries.needs_templates(Channel.SMS)
    channels = [(channel, queries.can_send(channel)) for channel in Channel]
    return show(
        request,
        "console/outbox.html",
        letters=letters,
        channels=channels,
        is_trial=settings.OUTBOX_SHOWS_WORDS,
        sandbox=settings.SANDBOX_TEXTS_URL if is_sandbox else "",
    )
