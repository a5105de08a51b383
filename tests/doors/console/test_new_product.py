"""A new product in the console: described, kept as a draft, put on sale."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.shop.made import CLERK, SHOP, a_new_product, a_shop, cny
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import SkuTaken
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db

HERE = f"shop={SHOP}"
SAID = {
    "title.zh": "白瓷盖碗",
    "title.en": "White gaiwan",
    "category": "tea",
    "sku": "GAIWAN",
    "price": "88.5",
    "cost": "30",
    "weight": "260",
    "units": "12",
    "warehouse": "main",
    "then": "draft",
}


@pytest.fixture(autouse=True)
@made_once
def goods(db: None, lake_folder: object) -> None:
    a_shop()
    product = a_new_product("POT", title="茶壶", category="tea", price=12000)
    actions.list_product(product=product, trail=Trail(shop=SHOP), by=CLERK)


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CLERK)


def told(name: str) -> int:
    return Entry.objects.filter(name=name, subject="sku:GAIWAN").count()


def test_a_draft_has_its_words_price_and_pieces_and_is_not_sold(clerk: Client) -> None:
    answer = clerk.post(f"/console/products/-/new/?{HERE}", SAID)

    card = queries.products(["GAIWAN"])["GAIWAN"]
    assert answer.headers["Location"].startswith(f"/console/products/{card.product}/?{HERE}")
    assert (card.title.en, card.price, card.cost, card.weight_g) == ("White gaiwan", cny(8850), cny(3000), 260)
    assert not card.is_listed
    assert stock.free(["GAIWAN"]) == {"GAIWAN": 12}
    assert (told("shop.product_listed"), told("supply.stock_received")) == (0, 1)


def test_a_draft_is_put_on_sale_on_its_page(clerk: Client) -> None:
    where = clerk.post(f"/console/products/-/new/?{HERE}", SAID).headers["Location"]
    assert "Put it on sale" in clerk.get(where).content.decode()

    clerk.post(where.replace("/?", "/publish/?"))

    assert queries.products(["GAIWAN"])["GAIWAN"].is_listed
    assert told("shop.product_listed") == 1
    assert "Put it on sale" not in clerk.get(where).content.decode()


def test_it_can_go_on_sale_at_once(clerk: Client) -> None:
    clerk.post(f"/console/products/-/new/?{HERE}", SAID | {"then": "sell"})

    assert queries.products(["GAIWAN"])["GAIWAN"].is_listed


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title.zh": "", "title.en": ""}, "It has no title."),
        ({"sku": ""}, "A SKU is missing or too long."),
        ({"sku": "POT"}, "POT: Another product has that SKU already."),
        ({"price": ""}, "A price is missing or is not an amount."),
        ({"price": "0"}, "A price is more than nothing."),
        ({"weight": "much"}, "A weight cannot be read."),
        ({"units": "-1"}, "How many pieces there are is a whole number."),
        ({"category": "nowhere"}, "There is no such category."),
        ({"warehouse": "nowhere"}, ""),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason_and_nothing_is_written(
    clerk: Client, wrong: dict[str, str], why: str
) -> None:
    before = queries.wholes(SHOP, [queries.products(["POT"])["POT"].product])

    answer = clerk.post(f"/console/products/-/new/?{HERE}", SAID | wrong)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert 'value="88.5"' in answer.content.decode() or "price" in wrong
    assert queries.products(["GAIWAN"]) == {}
    assert queries.wholes(SHOP, [queries.products(["POT"])["POT"].product]) == before


def test_a_script_that_calls_itself_a_picture_is_refused(clerk: Client) -> None:
    script = SimpleUploadedFile("cup.png", b"<svg onload='alert(1)'/>", "image/png")

    answer = clerk.post(f"/console/products/-/new/?{HERE}", SAID | {"picture": script})

    assert answer.status_code == 422
    assert "An SVG can carry scripts" in answer.content.decode()
    assert queries.products(["GAIWAN"]) == {}


def test_only_who_runs_the_shop_opens_products(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.ANALYST).get(f"/console/products/-/new/?{HERE}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_same_sku_at_once_one_is_refused() -> None:
    gate, refused = threading.Barrier(2), []

    def opens(title: str) -> None:
        try:
            gate.wait()
            product = a_new_product("GAIWAN", title=title, category="tea")
            actions.put_new_product(product=product, trail=Trail(shop=SHOP), by=CLERK)
        except SkuTaken as said:
            refused.append(said.data["sku"])
        finally:
            connection.close()

    both = [threading.Thread(target=opens, args=(title,)) for title in ("一", "二")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert refused == ["GAIWAN"]
    assert told("shop.product_listed") == 1
