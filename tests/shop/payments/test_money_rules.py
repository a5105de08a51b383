"""Shares, parts, codes, rates and limits of payments, as laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.ledger.rules import Account, Entry
from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Booked, Destination, Line, Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import rules
from zhanggui.shop.payments.rules import (
    BillKind,
    BillRow,
    Gap,
    Limits,
    Moved,
    Parts,
    Payment,
    Refund,
    RefundState,
    State,
)
from zhanggui.spine.log.rules import Trail

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
amounts = st.integers(0, 10**7)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


@given(paid=st.lists(st.integers(0, 10**6), min_size=1, max_size=5), cuts=st.lists(st.integers(1, 10**6), max_size=12))
def test_refunds_in_any_parts_give_each_tender_exactly_what_it_paid(paid: list[int], cuts: list[int]) -> None:
    left = [cny(minor) for minor in paid]
    for cut in [*cuts, sum(paid)]:
        amount = cny(min(cut, sum(one.minor for one in left)))
        shares = rules.shares(amount, left=left)
        assert sum(share.minor for share in shares) == amount.minor
        assert all(0 <= share.minor <= one.minor for share, one in zip(shares, left, strict=True))
        left = [one - share for one, share in zip(left, shares, strict=True)]
    assert [one.minor for one in left] == [0] * len(paid)


def test_shares_of_a_worked_refund() -> None:
    assert rules.shares(cny(1000), left=[cny(3000), cny(7001)]) == (cny(300), cny(700))


@given(sold=st.tuples(amounts, amounts, amounts), cuts=st.lists(st.tuples(st.integers(1, 10**7), amounts), max_size=8))
def test_refunds_take_back_exactly_what_was_sold(sold: tuple[int, int, int], cuts: list[tuple[int, int]]) -> None:
    left = Parts(goods=cny(sold[0]), shipping=cny(sold[1]), tax=cny(sold[2]))
    for cut, goods in [*cuts, (sum(sold), 0)]:
        amount = cny(min(cut, left.total.minor))
        units = Parts(goods=cny(goods), shipping=cny(goods // 9), tax=cny(goods // 7))
        part = rules.parts_given_back(amount, units=units, left=left)
        left = left - part
        assert part.total == amount
        assert min(left.goods.minor, left.shipping.minor, left.tax.minor) >= 0
    assert left.total == cny(0)


def test_a_worked_refund_takes_the_goods_first() -> None:
    units = Parts(goods=cny(5990), shipping=cny(600), tax=cny(0))
    left = Parts(goods=cny(11980), shipping=cny(1200), tax=cny(0))
    part = rules.parts_given_back(cny(6000), units=units, left=left)
    assert (part.goods, part.shipping, part.tax) == (cny(5990), cny(10), cny(0))


def an_order(*, goods: int, shipping: int, tax: int, rate: str) -> Order:
    total = eur(goods + shipping + tax)
    line = Line(
        position=1,
        sku="CUP",
        category="cups",
        title_zh="杯",
        title_en="Cup",
        quantity=3,
        list_price=eur(goods),
        listed=eur(goods),
        discount=eur(0),
        amount=eur(goods),
        shipping=eur(shipping),
        tax=eur(tax),
        tax_included=eur(0),
        cost=cny(100),
    )
    return Order(
        number="261122-00000-00000",
        shop="tea",
        person="v-1",
        trail=Trail(shop="tea"),
        customer_id=UUID(int=1),
        destinations=(Destination(address_id=UUID(int=2), shipping=eur(shipping)),),
        state=OrderState.PAID,
        lines=(line,),
        discount=eur(0),
        goods=eur(goods),
        shipping=eur(shipping),
        tax=eur(tax),
        tax_included=eur(0),
        total=total,
        refunded=eur(0),
        booked=Booked(currency="CNY", rate=Decimal(rate), rate_on=date(2026, 11, 22)),
        note="",
        placed_at=AT,
        expires_at=AT,
        paid_at=AT,
        ended_at=AT,
    )


def a_payment(amount: Money) -> Payment:
    return Payment(
        id="0190f1f4-0000-7000-8000-000000000000",
        shop="tea",
        order_number="261122-00000-00000",
        provider="stripe",
        amount=amount,
        state=State.SETTLED,
        transaction_id="pi_1",
        started_at=AT,
        ended_at=AT,
    )


def a_refund(amount: Money) -> Refund:
    return Refund(
        id="0190f1f4-0000-7000-8000-000000000001",
        shop="tea",
        order_number="261122-00000-00000",
        payment_id="0190f1f4-0000-7000-8000-000000000000",
        provider="stripe",
        transaction_id="pi_1",
        amount=amount,
        by_provider=amount,
        state=RefundState.DUE,
        reason="changed_mind",
        reference="r-1",
        is_stray=False,
        lines=(),
        started_at=AT,
        ended_at=None,
    )


def booked(entry: Entry) -> dict[tuple[str, str], int]:
    """What an entry moves, by account and currency; it must balance in each."""
    moved: dict[tuple[str, str], int] = {}
    for posting in entry.balanced().postings:
        key = str(posting.account), posting.amount.currency
        moved[key] = moved.get(key, 0) + posting.amount.minor
    return moved


def test_an_order_in_euro_is_booked_in_yuan_at_its_own_rate() -> None:
    order = an_order(goods=1000, shipping=0, tax=0, rate="7.8125")
    assert booked(rules.sale_entry(order, payment=a_payment(order.total))) == {
        ("cash", "EUR"): 1000,
        ("exchange", "EUR"): -1000,
        ("exchange", "CNY"): 7813,
        ("sales", "CNY"): -7813,
    }


@given(
    sold=st.tuples(st.integers(1, 10**6), st.integers(0, 10**5), st.integers(0, 10**5)),
    rate=st.decimals("0.0001", "999", places=6),
    cuts=st.lists(st.integers(1, 10**6), max_size=6),
)
def test_refunding_all_of_a_foreign_order_leaves_no_difference(
    sold: tuple[int, int, int], rate: Decimal, cuts: list[int]
) -> None:
    order = an_order(goods=sold[0], shipping=sold[1], tax=sold[2], rate=str(rate))
    sums = booked(rules.sale_entry(order, payment=a_payment(order.total)))
    before = Parts.nothing("EUR")
    for cut in [*cuts, order.total.minor]:
        left = Parts.of(order) - before
        amount = eur(min(cut, left.total.minor))
        if not amount:
            continue
        part = rules.parts_given_back(amount, units=Parts.nothing("EUR"), left=left)
        refund = a_refund(amount)
        for entry in (
            rules.refund_entry(order, refund=refund, tenders=(), parts=part, before=before),
            rules.refund_paid_entry(refund),
        ):
            for key, minor in booked(entry).items():
                sums[key] = sums.get(key, 0) + minor
        before += part
    assert sums.pop(("refunds", "CNY"), 0) == -sums.pop(("sales", "CNY"), 0)
    assert set(sums.values()) <= {0}


@given(noise=st.integers(0, 2**80 - 1))
def test_a_code_can_be_read_out_and_typed(noise: int) -> None:
    code = rules.gift_code(noise)
    assert len(code) == 19
    assert rules.tidy_code(code.lower().replace("-", " ")) == code.replace("-", "")
    assert rules.tidy_code(code.replace("0", "O").replace("1", "I")) == code.replace("-", "")
    assert rules.code_digest(code) == rules.code_digest(code.lower())


@pytest.mark.parametrize("typed", ["", "0000", "0000-0000-0000-000U", "ÄÄÄÄ-0000-0000-0000", "0" * 17])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert rules.tidy_code(typed) == ""


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (5, 16), (10, 360), (60000, 360)])
def test_a_provider_is_told_again_after_growing_waits(tries: int, minutes: int) -> None:
    assert rules.wait_after(tries) == minutes * MINUTE


def test_wechat_s_limits_on_refunds() -> None:
    limits = Limits(apart=MINUTE, parts=50, within=timedelta(days=365))
    cases: list[tuple[list[datetime], datetime, datetime | None]] = [
        ([], AT, AT),
        ([AT - MINUTE], AT, AT),
        ([AT - timedelta(seconds=59)], AT, AT + timedelta(seconds=1)),
        ([AT - 9 * MINUTE] * 49, AT, AT),
        ([AT - 9 * MINUTE] * 50, AT, None),
        ([], AT + timedelta(days=364), AT + timedelta(days=364)),
        ([], AT + timedelta(days=365), None),
    ]
    for earlier, at, expected in cases:
        assert rules.may_ask_at(limits, earlier=earlier, paid_at=AT, at=at) == expected


@pytest.mark.parametrize(("asks", "minutes"), [(0, 1), (1, 5), (2, 15), (3, 60), (4, None)])
def test_when_an_open_attempt_is_asked_for(asks: int, minutes: int | None) -> None:
    assert rules.next_ask(asks, started_at=AT) == (AT + minutes * MINUTE if minutes else None)


def test_a_bill_is_compared_row_by_row() -> None:
    def told(transaction: str, minor: int, *, refund: str = "") -> BillRow:
        kind = BillKind.REFUNDED if refund else BillKind.PAID
        return BillRow(
            transaction_id=transaction, payment_id="p", refund_id=refund, amount=cny(minor), kind=kind, at=AT
        )

    def ours(transaction: str, minor: int, *, refund: str = "", is_expected: bool = False) -> Moved:
        return Moved(
            is_refund=bool(refund),
            transaction_id=transaction,
            payment_id="p",
            refund_id=refund,
            order_number="o",
            shop="tea",
            amount=cny(minor),
            is_expected=is_expected,
        )

    rows = [told("a", 100), told("b", 100), told("c", 100), told("a", 40, refund="r1"), told("a", 40, refund="r2")]
    mine = [ours("a", 100), ours("b", 99), ours("a", 40, refund="r1"), ours("d", 5, is_expected=True), ours("e", 5)]
    found = rules.compare(rows, mine, provider="bank", day=AT.date())
    assert {(one.gap, one.transaction_id, one.refund_id, shop) for one, shop in found} == {
        (Gap.OTHER_AMOUNT, "b", "", "tea"),
        (Gap.MISSING_HERE, "c", "", ""),
        (Gap.MISSING_HERE, "a", "r2", ""),
        (Gap.MISSING_THERE, "d", "", "tea"),
    }


def test_every_account_is_either_exact_or_flowing() -> None:
    exact = {account for account in Account if account.is_exact}
    assert {Account.WALLET, Account.GIFT_CARDS, Account.DEPOSITS, Account.POINTS_OWED, Account.HELD} <= exact
    assert not {Account.CASH, Account.SALES, Account.TAX_DUE, Account.EXCHANGE} & exact
