"""The senders that come with the house."""

from __future__ import annotations

import logging
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives

from zhanggui.base.outbox.errors import NotTaken, TurnedDown
from zhanggui.base.outbox.ports import Sender
from zhanggui.base.outbox.rules import Message, Taken

_log = logging.getLogger("zhanggui.outbox")


def by_mail(message: Message) -> None:
    """Send through Django's mail backend.

    refuses  TurnedDown for an address that the mail server does not know; raises NotTaken if it cannot be reached
    """
    try:
        _mail_of(message).send()
    except SMTPRecipientsRefused as unknown:
        raise TurnedDown(channel=message.channel, reason="recipient refused") from unknown
    except (SMTPException, OSError) as failed:
        raise NotTaken(channel=message.channel) from failed


def on_the_terminal(message: Message) -> None:
    """Say it aloud where the program runs instead of sending it; for a shop that is not open to the world.

    What goes to many, or is told of orders, coupons and points, is said more quietly: it would bury the code that one
    person waits for.
    """
    level = logging.WARNING if message.is_awaited else logging.INFO
    _log.log(level, "%s to %s: %s", message.channel, message.to, message.words.replace("\n", " "))


def aloud(sender: Sender) -> Sender:
    """A sender who also says on the terminal what it sends, for a shop that is not open to the world."""

    def said(message: Message) -> Taken | None:
        on_the_terminal(message)
        return sender(message)

    return said


def _mail_of(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(message.subject, message.words, None, [message.to], headers=dict(message.headers))
    if message.page:
        mail.attach_alternative(message.page, "text/html")
    for file in message.files:
        mail.attach(file.name, file.content, file.kind)
    return mail
