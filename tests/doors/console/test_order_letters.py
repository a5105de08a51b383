"""Letters about orders at the console: which are sent, what they look like, what came of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.growth.messages.conftest import carried
from tests.shop import made
from tests.shop.conftest import wait
from tests.shop.letters.test_letters import written
from tests.shop.returns import arrived
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.letters import queries
from zhanggui.shop.letters.rules import Kind

__all__ = ["carried", "wait"]
pytestmark = pytest.mark.usefixtures("db", "carried", "wait")


@pytest.fixture(autouse=True)
def shop(db: None, carried: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)


def test_which_letters_are_sent_is_chosen_and_kept(owner: Client) -> None:
    typed = {"kind": ["paid", "delivered", "no such kind"]}
    page = owner.post("/console/messages/orders/choose/?shop=tea", typed, follow=True).content.decode()
    assert "It holds for what happens from now on" in page
    assert queries.kinds(made.SHOP) == {Kind.PAID, Kind.DELIVERED}
    assert page.count(" checked>") == 2


def test_the_newest_letter_is_shown_in_both_languages_without_the_door(owner: Client) -> None:
    assert owner.get("/console/messages/orders/paid/en/?shop=tea").status_code == 404
    order = arrived.a_paid_order()
    written()
    with made.statements() as sent:
        page = owner.get("/console/messages/orders/?shop=tea").content.decode()
    assert "1 sent in 30 days" in page
    assert len(sent) <= 12
    english = owner.get("/console/messages/orders/paid/en/?shop=tea")
    assert f"Order {order.number} is paid" in english.content.decode()
    assert "龙井路" not in english.content.decode()
    assert "sandbox" in english["Content-Security-Policy"]
    assert owner.get("/console/messages/orders/paid/fr/?shop=tea").status_code == 404


def test_who_may_not_set_terms_sees_nothing_of_it(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.ANALYST).get("/console/messages/orders/?shop=tea").status_code == 403
