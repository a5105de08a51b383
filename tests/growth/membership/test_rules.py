"""Tiers, points, terms and notices as values: tables of cases, and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.growth.membership.errors import (
    NotEnoughPoints,
    PlanNotAllowed,
    RewardNotAllowed,
    SchemeNotAllowed,
    TiersNotAllowed,
)
from zhanggui.growth.membership.rules import notices, points, recycling, rewards, terms, tiers
from zhanggui.growth.membership.rules.points import Lot, Scheme
from zhanggui.growth.membership.rules.terms import Plan, Term
from zhanggui.growth.membership.rules.tiers import READY, Benefits, Standing, Tier
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout.rules import Adjustment, Basket, Draft, Item, Part

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_draft(*amounts: int, closed: int | None = None, reason: str = "flash", pieces: int = 1) -> Draft:
    """A basket whose items cost so much; one of them at a price that takes no points."""
    items = tuple(
        Item(sku=f"S{n}", quantity=pieces, list_price=cny(amount // pieces)) for n, amount in enumerate(amounts)
    )
    adjustments = ()
    if closed is not None:
        shares = tuple(cny(-1 if n == closed else 0) for n in range(len(amounts)))
        adjustments = (Adjustment(step="promotion", reason=reason, part=Part.GOODS, amount=cny(-1), shares=shares),)
    basket = Basket(shop="tea", person="p", currency="CNY", items=items, stops=())
    return Draft(basket=basket, amounts=tuple(cny(amount) for amount in amounts), adjustments=adjustments)


@pytest.mark.parametrize(
    ("kept", "value"), [(128050, 1280), (128051, 1281), (0, 0), (50, 0), (51, 1), (99, 1), (150, 1), (100, 1)]
)
def test_growth_is_one_for_each_yuan_half_down(kept: int, value: int) -> None:
    assert tiers.growth_value(cny(kept)) == value


@pytest.mark.parametrize(
    ("growth", "key"), [(0, "ordinary"), (999, "ordinary"), (1000, "silver"), (4999, "silver"), (5000, "gold")]
)
def test_the_tier_is_the_highest_that_growth_reaches(growth: int, key: str) -> None:
    assert tiers.tier_at(READY, growth).key == key


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ((), "growth_from"),
        ((replace(READY[0], growth_from=1),), "growth_from"),
        ((READY[0], replace(READY[1], growth_from=0)), "growth_from"),
        ((READY[0], replace(READY[1], key="ordinary")), "key"),
        ((READY[0], replace(READY[1], name=Words(zh=""))), "name"),
        ((replace(READY[0], benefits=Benefits(multiplier=Decimal("0.9"))),), "multiplier"),
        ((replace(READY[0], benefits=Benefits(multiplier=Decimal(11))),), "multiplier"),
        ((replace(READY[0], benefits=Benefits(birthday_points=-1)),), "birthday_points"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(wrong: tuple[Tier, ...], field: str) -> None:
    with pytest.raises(TiersNotAllowed) as refused:
        tiers.checked(wrong)
    assert refused.value.field == field


def test_tiers_stand_from_the_lowest_up_however_they_are_given() -> None:
    assert tiers.checked(reversed(READY)) == READY


def test_a_tier_begins_at_once_and_is_kept_for_a_year() -> None:
    silver = Standing(tier="silver", until=NOON + 100 * DAY)
    assert tiers.risen(READY, silver, growth=5200, at=NOON) == ("gold", NOON + 365 * DAY)
    assert tiers.risen(READY, silver, growth=10, at=NOON) == ("silver", NOON + 100 * DAY)
    assert tiers.at_period_end(READY, growth=10, at=NOON) == ("ordinary", None)
    assert tiers.at_period_end(READY, growth=1000, at=NOON) == ("silver", NOON + 365 * DAY)


@given(growth=st.integers(0, 20000), key=st.sampled_from([tier.key for tier in READY]))
def test_while_a_year_runs_no_tier_is_ever_lost(growth: int, key: str) -> None:
    after, _ = tiers.risen(READY, Standing(tier=key, until=NOON), growth=growth, at=NOON)
    assert tiers.rank_of(READY, after) >= tiers.rank_of(READY, key)


def test_what_is_paid_for_is_the_least_as_long_as_it_runs() -> None:
    paid = Standing(tier="silver", floor="gold", floor_until=NOON)
    assert paid.tier_now(READY, at=NOON - DAY) == "gold"
    assert paid.tier_now(READY, at=NOON) == "silver"
    assert replace(paid, tier="gold", floor="silver").tier_now(READY, at=NOON - DAY) == "gold"


def test_a_tier_that_is_no_longer_offered_counts_as_the_lowest() -> None:
    assert Standing(tier="platinum").tier_now(READY, at=NOON) == "ordinary"


@pytest.mark.parametrize(("key", "following"), [("ordinary", "silver"), ("silver", "gold"), ("", "silver")])
def test_the_next_tier_is_the_one_above(key: str, following: str) -> None:
    found = tiers.next_after(READY, key)
    assert found is not None
    assert found.key == following
    assert tiers.next_after(READY, "gold") is None


@pytest.mark.parametrize(
    ("minor", "rate", "multiplier", "expected"),
    [(5990, "1", "1", 59), (5990, "1", "1.5", 89), (90, "1", "1", 0), (100, "0.5", "1", 0), (200, "0.5", "1", 1)],
)
def test_earned_points_are_rounded_down(minor: int, rate: str, multiplier: str, expected: int) -> None:
    assert points.earned(cny(minor), rate=Decimal(rate), multiplier=Decimal(multiplier)) == expected


@pytest.mark.parametrize(("spent", "worth", "pays", "costs"), [(1000, 100, 1000, 1000), (100, 30, 333, 100)])
def test_points_pay_down_to_the_minor_unit_and_are_rounded_up(spent: int, worth: int, pays: int, costs: int) -> None:
    money = points.money_of(spent, worth=worth, currency="CNY")
    assert money == cny(pays)
    assert points.points_of(money, worth=worth) == costs


@given(spent=st.integers(1, 10**7), worth=st.integers(1, 1000))
def test_no_point_pays_more_than_it_is_worth(spent: int, worth: int) -> None:
    money = points.money_of(spent, worth=worth, currency="CNY")
    assert points.points_of(money, worth=worth) <= spent


@pytest.mark.parametrize(
    ("wanted", "has", "room", "expected"),
    [
        (None, 2345, 5000, 2300),
        (None, 2345, 1000, 1000),
        (1050, 2345, 5000, 1000),
        (99, 2345, 5000, 0),
        (None, 99, 5000, 0),
        (5000, 2345, 5000, 2300),
        (None, 2345, 0, 0),
    ],
)
def test_points_are_used_in_steps_under_the_cap(wanted: int | None, has: int, room: int, expected: int) -> None:
    assert points.spendable(wanted, has=has, room=cny(room), scheme=Scheme()) == expected


def test_points_pay_half_of_the_goods_at_most_and_are_shared_out() -> None:
    spent = points.spent_on(a_draft(6000, 4000), wanted=None, has=99999, scheme=Scheme())
    assert spent is not None
    assert (spent.points, spent.money) == (5000, cny(5000))
    assert spent.shares == (cny(3000), cny(2000))


@pytest.mark.parametrize("reason", ["flash", "live"])
def test_a_line_at_a_flash_or_live_price_takes_no_points(reason: str) -> None:
    spent = points.spent_on(a_draft(6000, 4000, closed=0, reason=reason), wanted=None, has=99999, scheme=Scheme())
    assert spent is not None
    assert spent.shares == (cny(0), cny(2000))


def test_a_line_at_a_member_price_takes_points() -> None:
    spent = points.spent_on(a_draft(6000, closed=0, reason="member"), wanted=None, has=99999, scheme=Scheme())
    assert spent is not None
    assert spent.money == cny(3000)


def test_every_piece_still_costs_a_minor_unit() -> None:
    whole = Scheme(cap_rate=Decimal(1), step=1)
    spent = points.spent_on(a_draft(200, pieces=2), wanted=None, has=99999, scheme=whole)
    assert spent is not None
    assert spent.money == cny(198)


def test_where_nothing_can_be_paid_nothing_is_spent() -> None:
    assert points.spent_on(a_draft(6000, closed=0), wanted=None, has=99999, scheme=Scheme()) is None
    assert points.spent_on(a_draft(6000), wanted=None, has=0, scheme=Scheme()) is None
    assert points.spent_on(a_draft(0), wanted=None, has=500, scheme=Scheme()) is None


@given(
    amounts=st.lists(st.integers(0, 100_000), min_size=1, max_size=6),
    has=st.integers(0, 10**6),
    wanted=st.none() | st.integers(1, 10**6),
    cap=st.decimals(0, 1, places=2),
    worth=st.integers(1, 500),
    step=st.integers(1, 500),
)
def test_points_never_pay_more_than_they_may(
    amounts: list[int], has: int, wanted: int | None, cap: Decimal, worth: int, step: int
) -> None:
    scheme = Scheme(cap_rate=cap, worth=worth, step=step)
    draft = a_draft(*amounts)
    spent = points.spent_on(draft, wanted=wanted, has=has, scheme=scheme)
    if spent is None:
        return
    assert spent.points <= min(has, has if wanted is None else wanted)
    assert sum(share.minor for share in spent.shares) == spent.money.minor <= int(sum(amounts) * cap)
    assert all(0 <= share.minor < max(1, amount) for share, amount in zip(spent.shares, amounts, strict=True))
    assert points.money_of(spent.points, worth=worth, currency="CNY") >= spent.money


LOTS = tuple(Lot(id=UUID(int=n), left=left, expires_at=NOON + n * DAY) for n, left in enumerate((30, 50, 20)))


def test_what_expires_first_leaves_first() -> None:
    taken = points.taken(LOTS, 60)
    assert [(piece.lot.int, piece.points) for piece in taken] == [(0, 30), (1, 30)]


def test_more_points_than_there_are_do_not_leave() -> None:
    with pytest.raises(NotEnoughPoints) as refused:
        points.taken(LOTS, 101)
    assert refused.value.data == {"points": 101, "has": 100}


def test_what_would_have_left_last_comes_back_first() -> None:
    back = points.given_back(points.taken(LOTS, 60), 40)
    assert [(piece.lot.int, piece.given_back) for piece in back] == [(1, 30), (0, 10)]
    with pytest.raises(NotEnoughPoints):
        points.given_back(points.taken(LOTS, 60), 61)


@given(lefts=st.lists(st.integers(0, 100), min_size=1, max_size=8), data=st.data())
def test_giving_back_leaves_what_a_smaller_spending_would_have_left(lefts: list[int], data: st.DataObject) -> None:
    lots = [Lot(id=UUID(int=n), left=left, expires_at=NOON) for n, left in enumerate(lefts)]
    spent = data.draw(st.integers(0, sum(lefts)))
    back = data.draw(st.integers(0, spent))
    pieces = points.taken(lots, spent)
    returned = {piece.lot: piece.given_back for piece in points.given_back(pieces, back)}
    left = {piece.lot: piece.points - returned.get(piece.lot, 0) for piece in pieces}
    smaller: dict[UUID, int] = {piece.lot: piece.points for piece in points.taken(lots, spent - back)}
    assert {id: n for id, n in left.items() if n} == smaller


@given(parts=st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_giving_back_in_parts_gives_back_all(parts: list[int]) -> None:
    pieces = list(points.taken([Lot(id=UUID(int=1), left=sum(parts), expires_at=NOON)], sum(parts)))
    for part in parts:
        for back in points.given_back(pieces, part):
            pieces = [
                replace(piece, given_back=piece.given_back + back.given_back) if piece.lot == back.lot else piece
                for piece in pieces
            ]
    assert all(piece.given_back == piece.points for piece in pieces)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("earn_rate", Decimal(-1)),
        ("worth", 0),
        ("cap_rate", Decimal("1.1")),
        ("step", 0),
        ("lasts_days", 29),
    ],
)
def test_a_scheme_out_of_its_bounds_is_refused(field: str, value: object) -> None:
    with pytest.raises(SchemeNotAllowed) as refused:
        replace(Scheme(), **{field: value}).checked()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-11-22T15:10:00+00:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-22T23:59:00+00:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-22T14:00:00+00:00", "2026-11-23T00:00:00+00:00"),
        ("2026-11-22T13:59:59+00:00", "2026-11-22T13:59:59+00:00"),
        ("2026-11-22T00:00:00+00:00", "2026-11-22T00:00:00+00:00"),
    ],
)
def test_nobody_is_told_anything_between_ten_and_eight(at: str, allowed: str) -> None:
    moment = notices.allowed_at(datetime.fromisoformat(at), zone=SHANGHAI)
    assert moment == datetime.fromisoformat(allowed)


@pytest.mark.parametrize(("days", "mark"), [(40, None), (30, 30), (12, 30), (7, 7), (0, 7)])
def test_members_are_told_at_thirty_and_at_seven_days(days: int, mark: int | None) -> None:
    assert notices.due_mark(days, (30, 7)) == mark


@pytest.mark.parametrize(
    ("month", "day", "year", "kept"),
    [(2, 29, 2027, date(2027, 2, 28)), (2, 29, 2028, date(2028, 2, 29)), (11, 22, 2026, date(2026, 11, 22))],
)
def test_a_leap_day_birthday_is_kept_every_year(month: int, day: int, year: int, kept: date) -> None:
    assert points.birthday_in(month, day, year=year) == kept


def a_term(number: str, *, start: int, days: int = 30, tier: str = "gold", units: int = 1) -> Term:
    begin = NOON + start * DAY
    return Term(
        order_number=number,
        line=1,
        tier=tier,
        units=units,
        days=days,
        starts_at=begin,
        ends_at=begin + days * units * DAY,
    )


def test_paid_memberships_run_one_after_the_other() -> None:
    assert terms.next_start([], at=NOON) == NOON
    assert terms.next_start([a_term("A", start=-10)], at=NOON) == NOON + 20 * DAY


def test_money_back_ends_a_term_and_the_next_one_moves_up() -> None:
    first, second = a_term("A", start=-10), a_term("B", start=20)
    moved = terms.shortened([first, second], order_number="A", line=1, units=0, at=NOON)
    assert [(term.starts_at, term.ends_at) for term in moved] == [(NOON - 10 * DAY, NOON), (NOON, NOON + 30 * DAY)]


def test_money_back_for_one_of_two_units_takes_its_days_only() -> None:
    (term,) = terms.shortened([a_term("A", start=0, units=2)], order_number="A", line=1, units=1, at=NOON)
    assert (term.units, term.ends_at) == (1, NOON + 30 * DAY)


def test_money_back_for_a_term_to_come_leaves_the_running_one() -> None:
    first, second = a_term("A", start=-10), a_term("B", start=20)
    moved = terms.shortened([first, second], order_number="B", line=1, units=0, at=NOON)
    assert moved[0] == first
    assert moved[1].starts_at == moved[1].ends_at


def test_the_floor_holds_until_there_is_a_gap_or_another_tier() -> None:
    chain = [a_term("A", start=-10), a_term("B", start=20), a_term("C", start=50, tier="silver")]
    assert terms.floor_of(chain, at=NOON) == ("gold", NOON + 50 * DAY)
    assert terms.floor_of(chain, at=NOON + 60 * DAY) == ("silver", NOON + 80 * DAY)
    assert terms.floor_of(chain, at=NOON + 80 * DAY) == ("", None)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(sku="", tier="gold", days=1), "sku"),
        (Plan(sku="V", tier="gold", days=0), "days"),
        (Plan(sku="V", tier="", days=1), "tier"),
    ],
)
def test_a_plan_without_its_parts_is_refused(plan: Plan, field: str) -> None:
    with pytest.raises(PlanNotAllowed) as refused:
        terms.checked(plan)
    assert refused.value.field == field


A_REWARD = rewards.Reward(id=UUID(int=1), kind=rewards.Kind.MERCHANDISE, title=Words(zh="茶巾"), points=100)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": Words(zh="")}, "title"),
        ({"points": 0}, "points"),
        ({"kind": rewards.Kind.GOODS}, "sku"),
        ({"sku": "CUP"}, "sku"),
        ({"quota": 1, "taken": 2}, "quota"),
        ({"most_each": 0}, "most_each"),
        ({"at": NOON}, "at"),
    ],
)
def test_a_reward_that_makes_no_sense_is_refused(changed: dict[str, object], field: str) -> None:
    with pytest.raises(RewardNotAllowed) as refused:
        rewards.checked(replace(A_REWARD, **changed))
    assert refused.value.field == field


def test_nothing_moves_on_from_where_it_ended() -> None:
    assert rewards.before(rewards.State.CANCELLED) == (rewards.State.REDEEMED,)
    assert rewards.before(rewards.State.RECEIVED) == (rewards.State.REDEEMED, rewards.State.SENT)
    assert recycling.before(recycling.Step.CREDITED) == (recycling.Step.GRADED,)
    assert recycling.Step.CREDITED not in recycling.before(recycling.Step.REFUSED)
