"""The register of facts: names for good, versions that can still be read."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts import registry, vocabulary
from zhanggui.spine.facts.registry import BodyBroken, UnknownFact, fact, upcaster
from zhanggui.spine.facts.shop import OrderPlaced

GOLDEN = Path(__file__).parent.parent / "golden"


@fact(name="test.kettle_boiled", version=3)
class KettleBoiled:
    """Told when water boils; not when it is merely warm."""

    litres_ml: int
    currency: str = "CNY"


@upcaster("test.kettle_boiled", since=1)
def _millilitres(body: registry.Body) -> registry.Body:
    return {"litres_ml": body["litres"] * 1000}


@upcaster("test.kettle_boiled", since=2)
def _with_currency(body: registry.Body) -> registry.Body:
    return body | {"currency": "EUR"}


def test_there_are_facts_of_every_room() -> None:
    rooms = {entry.name.split(".")[0] for entry in registry.entries()}
    assert rooms >= {"insight", "shop", "supply"}
    listed = {module.__name__ for module in vocabulary.ROOMS}
    assert {e.shape.__module__ for e in registry.entries() if not e.name.startswith("test.")} == listed


@pytest.mark.parametrize(
    "entry", [e for e in registry.entries() if not e.name.startswith("test.")], ids=lambda e: e.name
)
def test_every_fact_still_reads_its_golden_bodies(entry: registry.Entry) -> None:
    for version in range(1, entry.version + 1):
        golden = GOLDEN / f"{entry.name}.v{version}.json"
        told = registry.decode(entry.name, version, golden.read_bytes())
        assert isinstance(told, entry.shape)
        if version == entry.version:
            assert json.loads(registry.encode(told)) == json.loads(golden.read_bytes())


def test_no_golden_body_stands_for_a_fact_that_is_gone() -> None:
    names = {path.name.rsplit(".v", 1)[0] for path in GOLDEN.glob("*.json")}
    assert names == {e.name for e in registry.entries() if not e.name.startswith("test.")}


def test_an_old_body_is_brought_up_step_by_step() -> None:
    assert registry.decode("test.kettle_boiled", 1, b'{"litres": 2}') == KettleBoiled(litres_ml=2000, currency="EUR")
    assert registry.decode("test.kettle_boiled", 3, b'{"litres_ml": 7}') == KettleBoiled(litres_ml=7)


def test_a_body_from_the_future_is_refused() -> None:
    with pytest.raises(UnknownFact) as refused:
        registry.decode("test.kettle_boiled", 4, b"{}")
    assert refused.value.version == 4


@pytest.mark.parametrize("body", [b"", b"[]", b'{"litres_ml": "x"}', b"{}"])
def test_a_body_of_another_shape_is_refused_with_its_reason(body: bytes) -> None:
    with pytest.raises(BodyBroken) as refused:
        registry.decode("test.kettle_boiled", 3, body)
    assert refused.value.reason


def test_a_name_is_taken_once_and_follows_the_form() -> None:
    with pytest.raises(ValueError, match="registered already"):
        fact(name="test.kettle_boiled")(type("Other", (), {"__doc__": "x", "__annotations__": {}}))
    with pytest.raises(ValueError, match="past_tense"):
        fact(name="KettleBoiled")
    with pytest.raises(ValueError, match="docstring"):
        fact(name="test.kettle_cooled")(type("Silent", (), {"__doc__": None, "__annotations__": {}}))


def test_a_fact_knows_which_columns_it_lifts() -> None:
    entry = registry.entry_named("shop.order_placed")
    assert entry.lifted == ("order_number", "amount_minor", "currency")
    assert entry.has_lines


def test_a_body_carries_lines_with_their_amounts() -> None:
    placed = OrderPlaced(
        order_number="A1",
        customer_id="c",
        lines=(Line(sku="cup", quantity=2, amount_minor=500),),
        goods_minor=500,
        amount_minor=500,
        currency="CNY",
    )
    lines = msgspec.json.decode(registry.encode(placed))["lines"]
    assert lines == [{"sku": "cup", "category": "", "quantity": 2, "amount_minor": 500}]
