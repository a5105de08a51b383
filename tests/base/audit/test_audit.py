"""The nightly audit: silent when the books agree, loud when they do not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connections

from zhanggui.base import clock
from zhanggui.base.audit import actions as audit
from zhanggui.base.audit import ports, queries
from zhanggui.base.audit.errors import BooksDisagree
from zhanggui.base.audit.rules import Book, Books, Standing, standing_of
from zhanggui.base.ledger import actions, models
from zhanggui.base.ledger.rules import Account, Entry, credit, debit
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import job
from zhanggui.doors.commands.audit import command

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_sale() -> None:
    ten = Money(1000, "CNY")
    postings = (debit(Account.CASH, ten), credit(Account.SALES, ten))
    actions.post(entry=Entry(shop="tea", kind="sale", reference="1", postings=postings), by=job("test"))


def test_every_shelf_with_books_is_audited() -> None:
    shop = {"ledger", "stock", "catalogue", "orders", "payments", "fulfilment", "returns", "reviews"}
    growth = {"flash", "membership", "presale", "promotions", "referrals", "teams"}
    assert set(queries.audited()) == shop | growth | {"lake", "budgets"}


def test_books_that_agree_pass_in_silence(a_sale: None) -> None:
    audit.nightly()
    result = CliRunner().invoke(command)
    assert (result.exit_code, result.output.count("✓"), result.output.count("✗")) == (0, 16, 0)


def test_a_disagreement_fails_the_job_and_is_named(a_sale: None) -> None:
    models.Account.objects.filter(account=Account.CASH).update(balance_minor=999)
    with pytest.raises(BooksDisagree) as refused:
        audit.nightly()
    assert "ledger" in refused.value.found[0]
    assert "999" in refused.value.found[0]
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "✗ ledger" in result.output


AT = datetime(2040, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_ago", "found", "standing"),
    [
        (None, 0, Standing.NEVER),
        (0, 0, Standing.AGREES),
        (36, 0, Standing.AGREES),
        (37, 0, Standing.OLD),
        (1, 2, Standing.DIFFERS),
        (400, 1, Standing.DIFFERS),
    ],
)
def test_books_stand_as_they_were_found_and_for_a_night_and_a_half(
    hours_ago: int | None, found: int, standing: Standing
) -> None:
    ended_at = None if hours_ago is None else AT - timedelta(hours=hours_ago)
    assert standing_of(ended_at=ended_at, found=found, at=AT) is standing


def test_all_books_together_stand_as_the_worst_of_them() -> None:
    def standing(*some: Standing) -> Standing:
        return Books(every=tuple(Book(name=str(n), standing=one) for n, one in enumerate(some))).standing

    assert standing() is standing(Standing.AGREES, Standing.AGREES) is Standing.AGREES
    assert standing(Standing.OLD, Standing.AGREES) is Standing.OLD
    assert standing(Standing.OLD, Standing.NEVER) is Standing.NEVER
    assert standing(Standing.DIFFERS, Standing.NEVER, Standing.AGREES) is Standing.DIFFERS


def test_what_came_of_the_last_night_is_kept(a_sale: None) -> None:
    begun = clock.now()
    assert queries.books(at=begun).standing is Standing.NEVER
    audit.nightly()
    found = queries.books(at=clock.now())
    assert (found.standing, found.wrong) == (Standing.AGREES, ())
    assert found.oldest_at is not None and begun <= found.oldest_at <= clock.now()
    assert {one.name for one in found.every} == set(queries.audited())

    cash = models.Account.objects.get(account=Account.CASH)
    models.Account.objects.filter(pk=cash.pk).update(balance_minor=999)
    with pytest.raises(BooksDisagree):
        audit.nightly()
    (wrong,) = queries.books(at=clock.now()).wrong
    assert (wrong.name, wrong.standing, wrong.found > 0) == ("ledger", Standing.DIFFERS, True)
    assert "999" in " ".join(wrong.examples)

    cash.save()
    audit.nightly()
    assert queries.books(at=clock.now()).standing is Standing.AGREES


def test_books_that_cannot_be_read_keep_what_is_known_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    audit.nightly()

    def torn() -> list[object]:
        raise OSError("torn")

    monkeypatch.setitem(ports.audits, "stock", torn)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=2))
    with pytest.raises(OSError, match="torn"):
        audit.nightly()
    kept = {one.name: one.standing for one in queries.books(at=AT + timedelta(days=2)).every}
    assert (kept["ledger"], kept["stock"]) == (Standing.AGREES, Standing.OLD)


@pytest.mark.django_db(transaction=True)
def test_all_that_an_audit_reads_is_of_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    def sell() -> None:
        try:
            two = Money(200, "CNY")
            postings = (debit(Account.CASH, two), credit(Account.SALES, two))
            actions.post(entry=Entry(shop="tea", kind="sale", reference="2", postings=postings), by=job("test"))
        finally:
            connections.close_all()

    def counts_twice() -> tuple[str, ...]:
        before = models.Posting.objects.count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(sell).result()
        return () if models.Posting.objects.count() == before else ("sold between two looks",)

    monkeypatch.setitem(ports.audits, "ledger", counts_twice)
    audit.nightly()
    assert models.Posting.objects.count() == 2
