"""Flash sales as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.flash.made import a_pick, a_plan
from tests.shop.made import SHOP, cny
from zhanggui.base.money import Money
from zhanggui.growth.flash import rules
from zhanggui.growth.flash.errors import SaleNotAllowed
from zhanggui.growth.flash.rules import Item, Pick, Plan, Sale, Stage, State, Ticket
from zhanggui.shop.catalogue.rules import Card, Kind, Words

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
KEY = b"k" * 32
SALE = "0199f3a1-7c2e-7d4b-9a51-3f6d2c8e1b07"


def a_card(sku: str = "CUP", *, kind: Kind = Kind.PHYSICAL, is_listed: bool = True, shop: str = SHOP) -> Card:
    nothing = Words(zh="", en="")
    return Card(
        sku=sku,
        shop=shop,
        title=nothing,
        brand=nothing,
        category="cups",
        price=cny(5990),
        cost=cny(2990),
        weight_g=1,
        proof=nothing,
        rating_mean=None,
        rating_count=0,
        is_listed=is_listed,
        picture_version="",
        kind=kind,
        needs_shipping=kind is not Kind.DIGITAL,
    )


def a_plan_at_noon(*picks: Pick) -> Plan:
    return a_plan(*picks, starts_at=NOON + timedelta(hours=1))


def a_sale(*, quota: int = 50, taken: int = 0, state: State = State.SET) -> Sale:
    item = Item(id="i", sale_id=SALE, sku="CUP", price=cny(1), quota_units=quota, taken_units=taken, per_person=1)
    return Sale(
        id=SALE,
        shop=SHOP,
        name=Words(zh="秒杀", en=""),
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=2),
        entries_per_second=None,
        state=state,
        items=(item,),
    )


def check(plan: Plan, *cards: Card) -> None:
    found = {card.sku: card for card in cards or (a_card(),)}
    rules.checked(plan, found, shop=SHOP, currency="CNY", at=NOON)


def test_a_plan_with_a_price_below_the_list_price_and_pieces_for_everybody_is_right() -> None:
    check(a_plan_at_noon())


@pytest.mark.parametrize(
    ("plan", "card", "field"),
    [
        (replace(a_plan_at_noon(), name=Words(zh="", en="Flash")), a_card(), "name"),
        (a_plan(starts_at=NOON - timedelta(hours=3)), a_card(), "period"),
        (a_plan(starts_at=NOON, lasts=timedelta(0)), a_card(), "period"),
        (a_plan(starts_at=NOON, lasts=timedelta(days=8)), a_card(), "period"),
        (replace(a_plan_at_noon(), entries_per_second=0), a_card(), "entries"),
        (replace(a_plan_at_noon(), picks=()), a_card(), "picks"),
        (a_plan_at_noon(a_pick(), a_pick()), a_card(), "twice"),
        (a_plan_at_noon(a_pick("POT")), a_card(), "sku"),
        (a_plan_at_noon(), a_card(is_listed=False), "sku"),
        (a_plan_at_noon(), a_card(shop="other"), "sku"),
        (a_plan_at_noon(), a_card(kind=Kind.DIGITAL), "kind"),
        (a_plan_at_noon(), a_card(kind=Kind.BUNDLE), "kind"),
        (a_plan_at_noon(a_pick(units=0)), a_card(), "units"),
        (a_plan_at_noon(a_pick(units=5, per_person=6)), a_card(), "per_person"),
        (a_plan_at_noon(a_pick(per_person=0)), a_card(), "per_person"),
        (a_plan_at_noon(a_pick(price=5990)), a_card(), "price"),
        (a_plan_at_noon(a_pick(price=0)), a_card(), "price"),
        (a_plan_at_noon(replace(a_pick(), price=Money(100, "USD"))), a_card(), "price"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_with_what_is_wrong(plan: Plan, card: Card, field: str) -> None:
    with pytest.raises(SaleNotAllowed) as refused:
        check(plan, card)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("sale", "at", "stage"),
    [
        (a_sale(), NOON - timedelta(seconds=1), Stage.COMING),
        (a_sale(), NOON, Stage.ON),
        (a_sale(taken=50), NOON, Stage.SOLD_OUT),
        (a_sale(taken=50), NOON - timedelta(seconds=1), Stage.COMING),
        (a_sale(), NOON + timedelta(hours=2), Stage.OVER),
        (a_sale(state=State.ENDED), NOON, Stage.OVER),
    ],
)
def test_the_clock_says_what_shoppers_see_of_a_sale(sale: Sale, at: datetime, stage: Stage) -> None:
    assert sale.stage(at) is stage
    assert sale.is_on(at) == (stage in (Stage.ON, Stage.SOLD_OUT))


@pytest.mark.parametrize(("quota", "taken", "percent"), [(50, 36, 72), (200, 199, 99), (200, 200, 100), (3, 0, 0)])
def test_a_bar_is_full_only_when_everything_is_taken(quota: int, taken: int, percent: int) -> None:
    assert a_sale(quota=quota, taken=taken).items[0].taken_percent == percent


@pytest.mark.parametrize(
    ("saved", "listed", "price", "floor", "units"),
    [
        (-8000, 9900, 5900, None, 2),
        (-4000, 9900, 5900, 5900, 1),
        (-3900, 9900, 5900, 6000, 1),
        (-4001, 9900, 5900, None, 0),
        (-4000, 9900, 9900, None, 0),
    ],
)
def test_pieces_are_told_by_what_they_save(saved: int, listed: int, price: int, floor: int | None, units: int) -> None:
    lowest = cny(floor) if floor else None
    assert rules.units_at(cny(saved), list_price=cny(listed), price=cny(price), floor=lowest) == units


def test_the_name_of_a_quota_fits_where_the_stock_writes_it() -> None:
    assert rules.quota_of(SALE) == f"flash/{UUID(SALE).hex}"
    assert len(rules.quota_of(SALE)) <= 40


people = st.text(min_size=1, max_size=60)
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1), timezones=st.just(UTC))


@given(people, moments)
def test_a_ticket_reads_as_it_was_written(person: str, opens_at: datetime) -> None:
    ticket = Ticket(sale_id=SALE, person=person, opens_at=opens_at, expires_at=opens_at + rules.ENTRY_FOR)
    assert rules.opened(rules.sealed(ticket, KEY), KEY) == ticket


@given(st.text(max_size=200))
def test_what_we_did_not_seal_is_no_ticket(token: str) -> None:
    assert rules.opened(token, KEY) is None


def test_a_ticket_that_was_changed_or_sealed_with_another_key_is_none() -> None:
    ticket = Ticket(sale_id=SALE, person="v-1", opens_at=NOON, expires_at=NOON + rules.ENTRY_FOR)
    token = rules.sealed(ticket, KEY)
    sooner = token.replace(str(int(NOON.timestamp())), str(int(NOON.timestamp()) - 60))
    assert sooner != token
    assert rules.opened(sooner, KEY) is None
    assert rules.opened(token, b"j" * 32) is None


@pytest.mark.parametrize(("left_s", "pause_s"), [(100, 20), (30, 15), (3, 2), (0, 2), (-5, 2)])
def test_a_page_asks_again_sooner_the_nearer_its_turn_is(left_s: int, pause_s: int) -> None:
    opens_at = NOON + timedelta(seconds=left_s)
    ticket = Ticket(sale_id=SALE, person="v-1", opens_at=opens_at, expires_at=opens_at + rules.ENTRY_FOR)
    assert rules.pause_s(ticket, at=NOON) == pause_s
