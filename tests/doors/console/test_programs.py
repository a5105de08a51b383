"""Keys and webhooks at the console: made by an owner, shown once, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right, Role
from zhanggui.base.keys import queries as keys
from zhanggui.base.shops.rules import Shop
from zhanggui.spine.webhooks import models
from zhanggui.spine.webhooks import queries as hooks
from zhanggui.spine.webhooks.rules import State

KEYS = "/console/system/keys/?shop=acme"
HOOKS = "/console/system/webhooks/?shop=acme"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return unescape(answer.content.decode())


def shown(answer: object) -> str:
    """The secret on a page; empty if there is none."""
    found = re.search(r'<pre class="raw"><code>([^<]+)</code>', answer.content.decode())  # type: ignore[attr-defined]
    return found[1] if found else ""


def test_a_key_is_made_shown_once_and_revoked(owner: Client, acme: Shop) -> None:
    said = {"name": "ERP", "days": "30", "rights": ["run_shop"]}
    secret = shown(owner.post(KEYS, said))
    key = keys.key_of(secret, at=clock.now())
    assert key is not None
    assert (key.shop, key.name, key.rights) == ("acme", "ERP", frozenset({Right.RUN_SHOP}))
    listed = page(owner, KEYS)
    assert "ERP" in listed
    assert secret not in listed
    owner.post(f"/console/system/keys/{key.id}/revoke/?shop=acme")
    assert keys.key_of(secret, at=clock.now()) is None
    assert "revoked" in page(owner, KEYS)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "", "days": "30", "rights": ["run_shop"]},
        {"name": "ERP", "days": "-1", "rights": ["run_shop"]},
        {"name": "ERP", "days": "99999", "rights": ["run_shop"]},
        {"name": "ERP", "days": "30"},
        {"name": "ERP", "days": "30", "rights": ["manage_operators"]},
    ],
)
def test_a_key_that_cannot_be_is_none(owner: Client, acme: Shop, said: dict[str, str]) -> None:
    answer = owner.post(KEYS, said)
    assert shown(answer) == ""
    assert "No key was made" in answer.content.decode()
    assert keys.keys("acme") == ()


def test_a_program_listens_gets_another_secret_and_leaves(owner: Client, acme: Shop) -> None:
    said = {"address": "http://127.0.0.1:9/hook", "events": ["shop.order_placed"]}
    first = shown(owner.post(HOOKS, said))
    (endpoint,) = hooks.endpoints("acme")
    assert first == hooks.secret(endpoint)
    assert (endpoint.address, endpoint.events) == (said["address"], ("shop.order_placed",))
    second = shown(owner.post(f"/console/system/webhooks/{endpoint.id}/secret/?shop=acme"))
    assert second
    assert second != first
    owner.post(f"/console/system/webhooks/{endpoint.id}/leave/?shop=acme")
    assert hooks.endpoints("acme") == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"address": "http://hooks.example/", "all": "1"}, "begins with https"),
        ({"address": "https://", "all": "1"}, "no address of a server"),
        ({"address": "https://hooks.example/"}, "at least one fact"),
    ],
)
def test_an_endpoint_that_cannot_be_is_none(owner: Client, acme: Shop, said: dict[str, str], words: str) -> None:
    assert words in owner.post(HOOKS, said).content.decode()
    assert hooks.endpoints("acme") == ()


def test_what_gave_up_is_shown_and_sent_again(owner: Client, acme: Shop) -> None:
    owner.post(HOOKS, {"address": "http://127.0.0.1:9/hook", "all": "1"})
    now = clock.now()
    row = models.Delivery.objects.create(
        endpoint=models.Endpoint.objects.get(),
        fact_id=uuid4(),
        fact_name="shop.order_placed",
        state=State.DEAD,
        tries=8,
        fault="answered 503",
        queued_at=now,
        ended_at=now,
    )
    assert "answered 503" in page(owner, HOOKS)
    owner.post(f"/console/system/deliveries/{row.pk}/again/?shop=acme")
    (delivery,) = hooks.deliveries("acme")
    assert (delivery.state, delivery.tries) == (State.WAITING, 0)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.CLERK])
def test_only_an_owner_lets_programs_in(signed_in: Callable[..., Client], acme: Shop, role: Role) -> None:
    client = signed_in(role)
    assert [client.get(KEYS).status_code, client.get(HOOKS).status_code] == [403, 403]
    assert client.post(KEYS, {"name": "ERP", "days": "30", "rights": ["run_shop"]}).status_code == 403
    assert keys.keys("acme") == ()
