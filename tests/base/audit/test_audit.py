"""The nightly audit: silent when the books agree, loud when they do not."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from zhanggui.base.audit import handlers, queries
from zhanggui.base.audit.errors import BooksDisagree
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
    assert set(queries.audited()) == shop | growth | {"lake"}


def test_books_that_agree_pass_in_silence(a_sale: None) -> None:
    handlers.nightly()
    result = CliRunner().invoke(command)
    assert (result.exit_code, result.output.count("✓"), result.output.count("✗")) == (0, 15, 0)


def test_a_disagreement_fails_the_job_and_is_named(a_sale: None) -> None:
    models.Account.objects.filter(account=Account.CASH).update(balance_minor=999)
    with pytest.raises(BooksDisagree) as refused:
        handlers.nightly()
    assert "ledger" in refused.value.found[0]
    assert "999" in refused.value.found[0]
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "✗ ledger" in result.output
