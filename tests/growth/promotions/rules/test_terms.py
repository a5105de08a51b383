"""Terms of every kind: read, written down again, said in words, and refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.growth.promotions.rules.notation import cny
from zhanggui.growth.promotions.errors import TermsNotAllowed
from zhanggui.growth.promotions.rules import KINDS, Layer, PriceSource

STEPS = {"currency": "CNY", "steps": [{"from": 30000, "off": 4000}, {"from": 50000, "off": 8000}]}
RATES = {"currency": "CNY", "steps": [{"from": 30000, "off": "0.1"}, {"from": 50000, "off": "0.15"}]}
PARTS = {"currency": "CNY", "price": 9900, "parts": [{"sku": "A", "units": 1}, {"sku": "B", "units": 2}]}

PIECES = {"steps": [{"units": 2, "off": "0.1"}, {"units": 3, "off": "0.2"}], "which": "all"}
NTH = {"steps": [{"units": 2, "off": "0.5"}], "which": "nth"}
GET = {"buy_units": 2, "get_units": 1, "gift": "", "is_every": True}
GIFT = {"currency": "CNY", "from": 30000, "get_units": 1, "gift": "TOTE", "is_every": False}
ANY = {"currency": "CNY", "price": 9900, "units": 3}

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("threshold", STEPS | {"is_every": False}),
    ("threshold", {"currency": "CNY", "steps": [{"from": 30000, "off": 4000}], "is_every": True}),
    ("cross_threshold", STEPS | {"is_every": False}),
    ("coupon_amount", {"currency": "CNY", "steps": [{"from": 0, "off": 1000}], "is_every": False}),
    ("threshold_rate", RATES),
    ("coupon_rate", {"currency": "CNY", "steps": [{"from": 0, "off": "0.1"}]}),
    ("pieces", PIECES),
    ("pieces", NTH),
    ("buy_get", GET),
    ("buy_get", GIFT),
    ("price", {"currency": "CNY", "price": 9900}),
    ("price", {"off": "0.2"}),
    ("member_price", {"off": "0.0501"}),
    ("bundle", PARTS),
    ("bundle", ANY),
    ("free_shipping", {"currency": "CNY", "from": 9900}),
]


@pytest.mark.parametrize(("kind", "written"), GOOD)
def test_terms_are_written_down_as_they_were_read(kind: str, written: dict[str, Any]) -> None:
    terms = KINDS[kind].read(written)
    assert terms.as_json() == written
    assert KINDS[kind].read(terms.as_json()) == terms
    assert terms.currency == written.get("currency", "")


def test_no_kind_is_left_out() -> None:
    assert {kind for kind, _ in GOOD} == KINDS.keys()


def steps(*each: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"currency": "CNY", "steps": list(each), **more}


REFUSED: list[tuple[str, Any, str]] = [
    ("threshold", [], ""),
    ("threshold", {}, "currency"),
    ("threshold", STEPS | {"currency": "yuan"}, "currency"),
    ("threshold", STEPS | {"currency": 1}, "currency"),
    ("threshold", {"currency": "CNY"}, "steps"),
    ("threshold", steps(), "steps"),
    ("threshold", {"currency": "CNY", "steps": "300-40"}, "steps"),
    ("threshold", {"currency": "CNY", "steps": ["300-40"]}, "steps.0"),
    ("threshold", steps({"off": 4000}), "steps.0.from"),
    ("threshold", steps({"from": 300.0, "off": 40}), "steps.0.from"),
    ("threshold", steps({"from": True, "off": 40}), "steps.0.from"),
    ("threshold", steps({"from": 0, "off": 40}), "steps.0.from"),
    ("threshold", steps({"from": 10**13, "off": 40}), "steps.0.from"),
    ("threshold", steps({"from": 300, "off": 300}), "steps.0.off"),
    ("threshold", steps({"from": 300, "off": 0}), "steps.0.off"),
    ("threshold", steps({"from": 300, "off": 40}, {"from": 300, "off": 50}), "steps.1.from"),
    ("threshold", steps({"from": 300, "off": 40}, {"from": 500, "off": 40}), "steps.1.off"),
    ("threshold", steps({"from": 300, "off": 40, "of": 1}), "steps.0.of"),
    ("threshold", steps({"from": 300, "off": 40}, {"from": 500, "off": 80}, is_every=True), "is_every"),
    ("threshold", steps({"from": 300, "off": 40}, is_every="yes"), "is_every"),
    ("threshold", steps({"from": 300, "off": 40}, every=True), "every"),
    ("coupon_amount", steps({"from": -1, "off": 40}), "steps.0.from"),
    ("coupon_amount", steps({"from": 0, "off": 40}, is_every=True), "is_every"),
    ("cross_threshold", steps({"from": 0, "off": 40}), "steps.0.from"),
    ("threshold_rate", steps({"from": 300, "off": 0.1}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "0"}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "1.1"}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "-0.1"}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "0.00001"}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "ten"}), "steps.0.off"),
    ("threshold_rate", steps({"from": 300, "off": "NaN"}), "steps.0.off"),
    ("coupon_rate", steps({"from": 300, "off": "Infinity"}), "steps.0.off"),
    ("pieces", {"steps": [{"units": 0, "off": "0.5"}]}, "steps.0.units"),
    ("pieces", {"steps": [{"units": 1, "off": "0.5"}], "which": "nth"}, "which"),
    ("pieces", {"steps": [{"units": 2, "off": "0.5"}, {"units": 3, "off": "0.6"}], "which": "nth"}, "which"),
    ("pieces", {"steps": [{"units": 2, "off": "0.5"}], "which": "some"}, "which"),
    ("pieces", {"steps": [{"units": 2, "off": "1"}]}, "steps"),
    ("buy_get", {"get_units": 1}, "buy_units"),
    ("buy_get", {"buy_units": 2, "from": 100, "currency": "CNY", "gift": "T"}, "buy_units"),
    ("buy_get", {"buy_units": 2, "get_units": 0}, "get_units"),
    ("buy_get", {"from": 100, "gift": "T"}, "currency"),
    ("buy_get", {"from": 100, "currency": "CNY"}, "gift"),
    ("buy_get", {"buy_units": 2, "gift": 7}, "gift"),
    ("price", {}, "price"),
    ("price", {"currency": "CNY", "price": 9900, "off": "0.1"}, "price"),
    ("price", {"currency": "CNY", "price": 0}, "price"),
    ("price", {"price": 9900}, "currency"),
    ("price", {"off": "1"}, "off"),
    ("member_price", {"off": "0.1", "tier": "gold"}, "tier"),
    ("bundle", {"currency": "CNY", "price": 9900}, "parts"),
    ("bundle", PARTS | {"units": 3}, "parts"),
    ("bundle", PARTS | {"parts": [{"sku": "A"}]}, "parts"),
    ("bundle", PARTS | {"parts": [{"sku": "A"}, {"sku": "A"}]}, "parts"),
    ("bundle", PARTS | {"parts": [{"sku": ""}, {"sku": "A"}]}, "parts.0.sku"),
    ("bundle", PARTS | {"parts": [{"sku": "B"}, {"sku": "A", "units": 0}]}, "parts.1.units"),
    ("bundle", {"currency": "CNY", "price": 9900, "units": 1}, "units"),
    ("free_shipping", {"currency": "CNY", "from": -1}, "from"),
    ("free_shipping", {"currency": "CNY"}, "from"),
]


@pytest.mark.parametrize(("kind", "written", "field"), REFUSED)
def test_terms_that_cannot_be_right_are_refused(kind: str, written: Any, field: str) -> None:
    with pytest.raises(TermsNotAllowed) as refused:
        KINDS[kind].read(written)
    assert refused.value.data == {"kind": kind, "field": field}


@pytest.mark.parametrize(
    ("kind", "written", "msgids"),
    [
        ("threshold", STEPS, ["%(from)s or more: %(off)s off"] * 2),
        ("threshold", steps({"from": 300, "off": 40}, is_every=True), ["every %(from)s: %(off)s off"]),
        ("coupon_amount", steps({"from": 0, "off": 40}), ["%(off)s off"]),
        ("threshold_rate", RATES, ["%(from)s or more: %(rate)s off"] * 2),
        ("coupon_rate", steps({"from": 0, "off": "0.1"}), ["%(rate)s off"]),
        ("pieces", PIECES, ["%(nth)s pieces or more: %(rate)s off"] * 2),
        ("pieces", NTH, ["every %(nth)s pieces: %(rate)s off one of them"]),
        ("buy_get", GET, ["buy %(buy)s, get %(get)s free"]),
        ("buy_get", GIFT, ["%(from)s or more: %(get)s × %(gift)s as a gift"]),
        ("buy_get", {"buy_units": 2, "gift": "T"}, ["buy %(buy)s: %(get)s × %(gift)s as a gift"]),
        ("price", {"off": "0.2"}, ["%(rate)s off the list price"]),
        ("price", {"currency": "CNY", "price": 9900}, ["%(price)s each"]),
        ("bundle", PARTS, ["%(units)s × %(sku)s", "%(units)s × %(sku)s", "together for %(price)s"]),
        ("bundle", ANY, ["any %(units)s for %(price)s"]),
        ("free_shipping", {"currency": "CNY", "from": 9900}, ["free shipping from %(from)s"]),
        ("free_shipping", {"currency": "CNY", "from": 0}, ["free shipping"]),
    ],
)
def test_terms_are_said_in_words_that_can_be_filled_in(kind: str, written: dict[str, Any], msgids: list[str]) -> None:
    words = KINDS[kind].sentence(KINDS[kind].read(written))
    assert [part.msgid for part in words] == msgids
    assert all(part.msgid % part.values for part in words)


def test_the_words_carry_amounts_and_rates_as_they_are() -> None:
    first, second = KINDS["threshold_rate"].sentence(KINDS["threshold_rate"].read(RATES))
    assert first.values == {"from": cny(300), "rate": Decimal("0.1")}
    assert second.values == {"from": cny(500), "rate": Decimal("0.15")}


def test_every_kind_is_known_by_its_own_name_and_works_in_its_layers() -> None:
    assert {key: kind.layers for key, kind in KINDS.items()} == {
        "price": (Layer.PRICE,),
        "member_price": (Layer.PRICE,),
        "pieces": (Layer.ITEM,),
        "buy_get": (Layer.ITEM,),
        "bundle": (Layer.ITEM,),
        "threshold": (Layer.SHOP_THRESHOLD,),
        "threshold_rate": (Layer.SHOP_THRESHOLD,),
        "cross_threshold": (Layer.CROSS_THRESHOLD,),
        "coupon_amount": (Layer.SHOP_COUPON, Layer.PLATFORM_COUPON),
        "coupon_rate": (Layer.SHOP_COUPON, Layer.PLATFORM_COUPON),
        "free_shipping": (Layer.SHIPPING,),
    }
    assert {key: kind.source for key, kind in KINDS.items() if kind.source} == {
        "price": PriceSource.LIMITED,
        "member_price": PriceSource.MEMBER,
    }
    assert all(key == kind.key and kind.layer is kind.layers[0] for key, kind in KINDS.items())
