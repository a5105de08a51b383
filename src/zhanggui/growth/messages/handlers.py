"""What messages do when somebody withdraws their consent, and what the clock starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from zhanggui.base.jobs.actions import Job
from zhanggui.growth.messages import actions
from zhanggui.growth.messages.queries import CONSENTS
from zhanggui.shop.customers import queries as customers
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

BATCH: Final = 50
_CHANNELS: Final = {purpose.value: channel for channel, purpose in CONSENTS.items()}


def follow(facts: Sequence[Envelope]) -> None:
    """Take back what is on its way to whoever withdrew the consent that it rests on.

    What waits for its day is refused when it is due: everybody is asked again then.
    """
    for fact in facts:
        said = msgspec.json.decode(fact.body)
        channel = _CHANNELS.get(said["purpose"])
        person = customers.walks_as(UUID(said["customer_id"])) if channel else ""
        if channel and person:
            actions.recall(shop=fact.shop, person=person, channel=channel)


reader = Reader(name="growth.messages.follow", take=follow, names=frozenset({"shop.consent_withdrawn"}), batch=BATCH)
jobs: tuple[Job, ...] = (actions.send_due,)
