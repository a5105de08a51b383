"""What people do with a letter: they open its link, or want no more of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import customer
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import models, queries
from zhanggui.growth.messages.rules import State
from zhanggui.shop.customers import actions as customers
from zhanggui.spine.facts.messages import MessageClicked
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# The outbox forgets what is older.
_ON_ITS_WAY: Final = timedelta(days=30)


@operation
def click(*, token: str) -> None:
    """Know that somebody came through the link of a letter; the second time changes nothing.

    tells  growth.message_clicked, the first time
    """
    row = models.Message.objects.select_related("step").filter(token=token).first() if token else None
    if row is None or not models.Message.objects.filter(pk=row.pk, clicked_at=None).update(clicked_at=clock.now()):
        return
    step = row.step
    fact = MessageClicked(message_id=str(row.id), step=step.step, channel=step.channel, campaign=step.campaign)
    trail = Trail(shop=row.shop, person=row.person, cause=row.told)
    record(fact, by=customer(row.person), trail=trail, subject=f"message:{row.id}")


@operation
def recall(*, shop: str, person: str, channel: Channel) -> int:
    """Take back the letters to somebody that the outbox has not let go of, as when a carrier is away; how many.

    They count as sent all the same, and the outbox says that they were turned down.
    """
    since = clock.now() - _ON_ITS_WAY
    sent = models.Message.objects.filter(shop=shop, person=person, state=State.SENT, decided_at__gt=since)
    letters = sent.filter(step__channel=channel).values_list("letter", flat=True)
    return outbox.recall(letters=[letter for letter in letters if letter])


@operation
def withdraw(*, token: str, language: str) -> bool:
    """Take back the consent that a letter rests on, for whoever it was written to; False if the link is none of ours.

    language  in which the text was shown
    tells     shop.consent_withdrawn, unless it was withdrawn before
    """
    row = models.Message.objects.select_related("step").filter(token=token).first() if token else None
    if row is None:
        return False
    channel = Channel(row.step.channel)
    customer_id = queries.reached(row.shop, [row.person], channel)[row.person].customer_id
    if customer_id is not None:
        customers.consent(
            customer_id=customer_id,
            purpose=queries.CONSENTS[channel],
            is_given=False,
            language=language,
            how="letter",
            trail=Trail(shop=row.shop, person=row.person, cause=row.told),
            by=customer(str(customer_id)),
        )
    return True
