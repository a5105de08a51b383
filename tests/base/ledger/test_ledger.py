"""The books balance, whatever happens to them."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.base.ledger import actions, models, queries
from zhanggui.base.ledger.errors import EntryDiffers, Overdrawn, Unbalanced
from zhanggui.base.ledger.rules import Account, Entry, Posting, credit, debit
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import job

BY = job("test")


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def an_entry(*postings: Posting, kind: str = "top_up", reference: str = "1") -> Entry:
    return Entry(shop="tea", kind=kind, reference=reference, postings=postings)


def a_top_up(minor: int, *, who: str = "lin", reference: str = "1") -> Entry:
    cash, wallet = debit(Account.CASH, yuan(minor)), credit(Account.WALLET, yuan(minor), holder=who)
    return an_entry(cash, wallet, reference=reference)


def a_purchase(minor: int, *, who: str = "lin", reference: str = "1") -> Entry:
    wallet, sales = debit(Account.WALLET, yuan(minor), holder=who), credit(Account.SALES, yuan(minor))
    return an_entry(wallet, sales, kind="purchase", reference=reference)


def held(account: Account, holder: str = "") -> int:
    return queries.balance(shop="tea", account=account, currency="CNY", holder=holder).minor


@pytest.mark.django_db
def test_an_entry_moves_both_sides() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    assert (held(Account.CASH), held(Account.WALLET, "lin")) == (500, 500)
    assert queries.audit() == ()


@pytest.mark.django_db
def test_the_same_entry_twice_is_one_entry() -> None:
    assert actions.post(entry=a_top_up(500), by=BY) == actions.post(entry=a_top_up(500), by=BY)
    assert held(Account.CASH) == 500
    with pytest.raises(EntryDiffers):
        actions.post(entry=a_top_up(501), by=BY)
    assert held(Account.CASH) == 500


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (debit(Account.CASH, yuan(1)),),
        (debit(Account.CASH, yuan(1)), credit(Account.SALES, Money(1, "USD"))),
    ],
)
def test_an_entry_that_does_not_balance_is_refused(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(Unbalanced):
        an_entry(*postings).balanced()


@pytest.mark.django_db
def test_a_wallet_cannot_pay_what_it_does_not_hold() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    with pytest.raises(Overdrawn) as refused:
        actions.post(entry=a_purchase(501), by=BY)
    assert (refused.value.short_minor, refused.value.holder) == (1, "lin")
    assert (held(Account.WALLET, "lin"), held(Account.SALES)) == (500, 0)
    assert models.Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_purchases_at_once_spend_a_wallet_only_once() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    together = threading.Barrier(20)

    def buy(i: int) -> bool:
        together.wait()
        try:
            actions.post(entry=a_purchase(100, reference=str(i)), by=BY)
            return True
        except Overdrawn:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        bought = list(pool.map(buy, range(20)))
    assert sum(bought) == 5
    assert (held(Account.WALLET, "lin"), held(Account.SALES)) == (0, 500)
    assert queries.audit() == ()


@pytest.mark.django_db
def test_the_database_refuses_postings_that_do_not_balance() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    entry, account = models.Entry.objects.get(), models.Account.objects.first()
    with pytest.raises(IntegrityError, match="must balance"), transaction.atomic():
        models.Posting.objects.create(entry=entry, account=account, amount_minor=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "update base_ledger_posting set amount_minor = 0",
        "delete from base_ledger_posting",
        "update base_ledger_entry set kind = 'x'",
        "delete from base_ledger_entry",
        "update base_ledger_account set balance_minor = 1 where account = 'wallet'",
    ],
)
def test_the_database_refuses_to_rewrite_the_books(sql: str) -> None:
    actions.post(entry=a_top_up(500), by=BY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.audit() == ()


@pytest.mark.django_db
def test_the_nightly_audit_finds_a_balance_that_somebody_wrote() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    models.Account.objects.filter(account=Account.CASH).update(balance_minor=777)
    (found,) = queries.audit()
    assert (found.account, found.balance.minor, found.postings.minor) == ("cash", 777, 0)


MOVES = st.lists(
    st.tuples(st.sampled_from(["top_up", "buy", "give", "points"]), st.sampled_from("abc"), st.integers(1, 400)),
    max_size=25,
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, seed=st.integers(0, 2**32))
def test_no_sequence_of_operations_creates_or_destroys_money(moves: list[tuple[str, str, int]], seed: int) -> None:
    names, shop = random.Random(seed), f"s{uuid4().hex[:12]}"
    points = [0]

    def entry(kind: str, who: str, minor: int, i: int) -> Entry:
        other = names.choice("abc")
        points[0] += minor if kind == "points" else 0
        postings = {
            "top_up": (debit(Account.CASH, yuan(minor)), credit(Account.WALLET, yuan(minor), holder=who)),
            "buy": (debit(Account.WALLET, yuan(minor), holder=who), credit(Account.SALES, yuan(minor))),
            "give": (
                debit(Account.WALLET, yuan(minor), holder=who),
                credit(Account.WALLET, yuan(minor), holder=other),
            ),
            "points": (
                debit(Account.POINTS_GRANTED, Money(minor, "POINTS")),
                credit(Account.POINTS_OWED, Money(minor, "POINTS"), holder=who),
            ),
        }[kind]
        return Entry(shop=shop, kind=kind, reference=str(i), postings=postings)

    for i, (kind, who, minor) in enumerate(moves):
        try:
            actions.post(entry=entry(kind, who, minor, i), by=BY)
        except Overdrawn:
            continue
    cash, wallets, sales = (
        queries.total(shop=shop, account=account, currency="CNY").minor
        for account in (Account.CASH, Account.WALLET, Account.SALES)
    )
    assert cash == wallets + sales
    owed = queries.total(shop=shop, account=Account.POINTS_OWED, currency="POINTS").minor
    assert owed == points[0]
    assert queries.audit() == ()


@pytest.mark.django_db
def test_a_balance_is_the_same_before_and_after_it_was_rolled_up() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    actions.post(entry=a_purchase(200), by=BY)
    before = held(Account.CASH), held(Account.SALES), held(Account.WALLET, "lin")
    assert actions.roll_up() == 2
    assert (held(Account.CASH), held(Account.SALES), held(Account.WALLET, "lin")) == before == (500, 200, 300)
    rolled = models.Account.objects.get(account=Account.CASH)
    assert (rolled.balance_minor, rolled.rolled_to) == (500, models.Posting.objects.latest("id").pk)
    assert actions.roll_up() == 0
    actions.post(entry=a_top_up(50, reference="2"), by=BY)
    assert (held(Account.CASH), rolled.balance_minor) == (550, 500)
    assert queries.total(shop="tea", account=Account.CASH, currency="CNY") == yuan(550)
    assert queries.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_rolling_up_while_others_post_loses_and_doubles_nothing() -> None:
    def work(i: int) -> int:
        try:
            if i % 5 == 0:
                return actions.roll_up()
            actions.post(entry=a_top_up(100, who=f"w{i}", reference=str(i)), by=BY)
            return 0
        except OperationalError:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    assert held(Account.CASH) == 4800
    actions.roll_up()
    assert held(Account.CASH) == 4800
    assert queries.audit() == ()


@pytest.mark.django_db
def test_booking_what_everybody_posts_to_is_one_statement_and_locks_no_account() -> None:
    sale = an_entry(debit(Account.CASH, yuan(5)), credit(Account.SALES, yuan(5)), kind="sale", reference="0")
    actions.post(entry=sale, by=BY)
    with CaptureQueriesContext(connection) as flowing:
        actions.post(entry=replace(sale, reference="1"), by=BY)
    actions.post(entry=a_top_up(5), by=BY)
    with CaptureQueriesContext(connection) as exact:
        actions.post(entry=a_top_up(5, reference="2"), by=BY)
    said = [[q["sql"] for q in captured if not q["sql"].startswith(("SAVE", "REL"))] for captured in (flowing, exact)]
    assert [len(sent) for sent in said] == [1, 2]
    assert "for update" not in said[0][0]


@pytest.mark.django_db
def test_a_statement_lists_what_happened_to_a_holder_newest_first() -> None:
    actions.post(entry=a_top_up(500), by=BY)
    actions.post(entry=a_purchase(200), by=BY)
    moves = queries.statement(shop="tea", account=Account.WALLET, currency="CNY", holder="lin")
    assert [(move.kind, move.reference, move.amount.minor) for move in moves] == [
        ("purchase", "1", -200),
        ("top_up", "1", 500),
    ]
    posted = queries.posted(shop="tea", entries=(("purchase", "1"), ("nothing", "1")))
    assert [(one.account, one.holder, one.amount.minor) for one in posted] == [
        (Account.WALLET, "lin", 200),
        (Account.SALES, "", -200),
    ]
    assert queries.holders(account=Account.WALLET) == {("tea", "lin", "CNY"): 300}
