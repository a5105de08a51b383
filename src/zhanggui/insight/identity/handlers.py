"""What is learned of who is who when somebody signs in to the shop."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

import msgspec
from django.db import transaction

from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor, job
from zhanggui.insight.identity import actions
from zhanggui.insight.identity.rules import Claim, How
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

_NAMES: Final = frozenset({"shop.customer_signed_in", "shop.customer_joined", "shop.account_closed"})
_CLOSED: Final = "shop.account_closed"
BY: Final[Actor] = job("insight.identity")


def follow(facts: Sequence[Envelope]) -> None:
    """Whoever walked in this browser until now is the customer who signed in, until they close the account.

    Heard twice, it changes nothing.
    """
    by_shop = attrgetter("shop")
    for shop, group in groupby(sorted(facts, key=by_shop), key=by_shop):
        with transaction.atomic():
            told = list(group)
            actions.learn(shop=shop, claims=[_claim(fact) for fact in told if fact.name != _CLOSED], by=BY)
            for fact in told:
                if fact.name == _CLOSED:
                    actions.part_all(shop=shop, person=fact.person, by=BY)


def _claim(fact: Envelope) -> Claim:
    return Claim(
        alias=msgspec.json.decode(fact.body)["visitor_id"],
        person=fact.person,
        how=How.SIGNED_IN,
        at_us=clock.micros(fact.at),
        evidence=fact.id,
    )


reader = Reader(name="insight.identity.follow", take=follow, names=_NAMES, batch=200)
