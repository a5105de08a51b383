"""Small factories: people who agreed to advertising or did not, and a step that is planned for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.shop.made import SHOP, a_walk, by
from zhanggui.base import clock, ids
from zhanggui.base.operation.rules import operator
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import actions, models
from zhanggui.growth.messages.rules import Planned, Wording
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.models import Consent, Customer
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

STAFF = operator("xiaozhou")
STEP = "wake-2026-11"
CAUSE = UUID("0199f3a1-7c2e-7d4b-9a51-3f6d2c8e1c01")
WORDS = Wording(
    subject_zh="{name}，好久不见",
    subject_en="{name}, it has been a while",
    words_zh="{name}，回来看看：{link}",
    words_en="{name}, come and see: {link}",
    path="/cart/",
)
GIVING = Wording(
    subject_zh="给您一张券",
    subject_en="A coupon for you",
    words_zh="{coupon}。{link}",
    words_en="{coupon}. {link}",
)


def a_person(
    name: str = "lin", *, email: str | None = None, phone: str = "", agrees: Sequence[Purpose] = tuple(Purpose)
) -> str:
    """Somebody with an account who reads English; their person."""
    walk = a_walk(f"v-{ids.uuid7()}")
    welcomed = customers.welcome(
        account_id=ids.uuid7().int % 2**62,
        phone=phone,
        email=f"{name}@example.com" if email is None else email,
        visitor_id=walk.person,
        trail=walk,
        by=by(walk),
    )
    Customer.objects.filter(pk=welcomed.customer_id).update(name=name)
    for purpose in agrees:
        says(welcomed.person, purpose, is_given=True)
    return welcomed.person


def says(person: str, purpose: Purpose, *, is_given: bool, language: str = "en") -> None:
    """A yes or no of somebody."""
    row = Customer.objects.get(visitor_id=person)
    customers.consent(
        customer_id=row.id,
        purpose=purpose,
        is_given=is_given,
        language=language,
        how="account",
        trail=Trail(shop=SHOP),
        by=STAFF,
    )


def many(count: int) -> list[str]:
    """So many people who agreed to advertising by mail, written at once."""
    people = [
        Customer(
            id=ids.uuid7(),
            shop=SHOP,
            visitor_id=f"p-{n}",
            name=f"P{n}",
            email=f"p{n}@example.com",
            registered_at=clock.now(),
            account_id=n + 1,
        )
        for n in range(count)
    ]
    Customer.objects.bulk_create(people, batch_size=5_000)
    said = [
        Consent(
            id=ids.uuid7(),
            customer=one,
            purpose=Purpose.MARKETING_EMAIL,
            is_given=True,
            version="1",
            language="en",
            text_digest="0" * 64,
            how="account",
            said_at=clock.now(),
        )
        for one in people
    ]
    Consent.objects.bulk_create(said, batch_size=5_000)
    return [one.visitor_id for one in people]


def planned(persons: Sequence[str], **said: Any) -> Planned:
    """A step for these people, by mail, due now, unless it says otherwise."""
    usual: dict[str, Any] = {
        "shop": SHOP,
        "step": STEP,
        "persons": persons,
        "wording": WORDS,
        "channel": Channel.EMAIL,
        "campaign": "wake",
        "coupon": None,
        "due_at": clock.now(),
        "trail": Trail(shop=SHOP, cause=CAUSE),
        "by": STAFF,
    }
    return actions.plan(**(usual | said))


def states(step: str = STEP) -> list[tuple[str, str]]:
    """State and reason of every message of a step, sorted."""
    return sorted(models.Message.objects.filter(step__step=step).values_list("state", "reason"))


def due(person: str) -> datetime:
    return models.Message.objects.get(person=person).due_at


def letters() -> list[tuple[str, str]]:
    """Who gets what, in the order in which it was put into the outbox."""
    return list(Letter.objects.order_by("id").values_list("recipient", "words"))


def told(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Facts of a name, each as person and body without the message's number."""
    rows = Entry.objects.filter(name=name).order_by("id_of_fact").values_list("person", "body")
    return [(person, {key: value for key, value in body.items() if key != "message_id"}) for person, body in rows]


def link_in(words: str) -> str:
    """The path of the link into the shop."""
    found = re.search(r"https://tea\.example(/m/[^/]+/)(?!stop)", words)
    assert found is not None
    return found[1]
