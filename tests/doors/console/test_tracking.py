"""Senders, events that were not kept, and who is who, at the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console.tracking_words import HOWS, REASONS
from zhanggui.doors.ingest import actions as ingest
from zhanggui.doors.ingest import queries as senders
from zhanggui.insight.identity import actions as identity
from zhanggui.insight.identity import queries as people
from zhanggui.insight.identity.rules import Claim, How
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.reasons import Reason, Refusal

PAGE = "/console/tracking/?shop=acme"
TERMS = ShopTerms(code="acme", zone="Asia/Shanghai", currency="CNY")


def page(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return unescape(answer.content.decode())


def said(alias: str, person: str) -> None:
    claim = Claim(alias=alias, person=person, how=How.IDENTIFY, at_us=clock.micros(clock.now()))
    with transaction.atomic():
        identity.learn(shop="acme", claims=[claim], by=job("test"))


def test_every_reason_and_every_way_to_know_has_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(HOWS) == set(How)


def test_a_sender_is_let_in_with_a_key_that_is_shown_once_and_sent_away(owner: Client, acme: Shop) -> None:
    assert "need no key" in page(owner)
    answer = owner.post(PAGE, {"name": "app"})
    found = re.search(r'<pre class="raw"><code>(wk_[0-9a-f]+)</code>', answer.content.decode())
    assert found
    key = found[1]
    assert senders.shop_of_key(key) is not None
    listed = page(owner)
    assert key not in listed
    assert f"wk_…{key[-4:]}" in listed
    (sender,) = senders.sources(shop="acme")
    owner.post("/console/tracking/close/?shop=acme", {"sender": sender.id})
    assert senders.shop_of_key(key) is None
    assert "switched off" in page(owner)


def test_what_was_not_kept_stands_there_with_its_reason_and_a_sample(owner: Client, acme: Shop) -> None:
    assert "Every event of this period was kept" in page(owner)
    refused = [Refusal(reason=Reason.RESERVED_NAME, name="shop.order_placed", sample='{"event":"shop.order_placed"}')]
    with transaction.atomic():
        ingest.note_refusals(refused * 3, shop=TERMS, at=clock.now())
    shown = page(owner)
    assert "3 events of this period were refused" in shown
    assert str(REASONS[Reason.RESERVED_NAME]) in shown
    assert '{"event":"shop.order_placed"}' in shown


def test_two_ids_are_looked_up_parted_and_merged_again_by_hand(owner: Client, acme: Shop) -> None:
    said("v-1", "c-1")
    shown = page(owner, PAGE + "&id=v-1")
    assert "<code>v-1</code> is <code>c-1</code>" in shown
    (link,) = people.newest("acme")
    owner.post("/console/tracking/part/?shop=acme", {"link": link.id})
    assert people.person_of("acme", "v-1") == "v-1"
    assert "walks under no other" in page(owner, PAGE + "&id=v-1")
    answer = owner.post("/console/tracking/merge/?shop=acme", {"alias": "v-1", "person": "undefined"}, follow=True)
    assert "cannot be merged" in answer.content.decode()
    owner.post("/console/tracking/merge/?shop=acme", {"alias": "v-1", "person": "c-1"})
    assert people.person_of("acme", "v-1") == "c-1"


@pytest.mark.parametrize(
    ("what", "form", "status"),
    [("close", {"sender": "7"}, 404), ("part", {"link": "x"}, 404), ("open", {}, 404), ("part", {"link": "7"}, 302)],
)
def test_what_is_not_there_is_not_changed(
    owner: Client, acme: Shop, what: str, form: dict[str, str], status: int
) -> None:
    assert owner.post(f"/console/tracking/{what}/?shop=acme", form).status_code == status


def test_an_analyst_reads_and_changes_nothing(signed_in: Callable[..., Client], acme: Shop) -> None:
    analyst = signed_in(Role.ANALYST)
    assert "Let somebody send" not in page(analyst)
    assert analyst.post(PAGE, {"name": "app"}).status_code == 403
    said("v-1", "c-1")
    (link,) = people.newest("acme")
    assert analyst.post("/console/tracking/part/?shop=acme", {"link": link.id}).status_code == 403
    assert people.person_of("acme", "v-1") == "c-1"
    assert senders.sources(shop="acme") == ()
