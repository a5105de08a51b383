"""The tables of the books. The triggers that guard them stand in the migration."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhanggui.base.ledger import rules


class Account(models.Model):
    """A holder's part of an account in one currency; debits are above zero.

    balance_minor  of an exact account: what it holds; of any other: what its postings up to `rolled_to` come to
    rolled_to      the last posting in the balance of an account that is not exact
    """

    shop = models.CharField(max_length=40)
    account = models.CharField(max_length=30, choices=[(a, a) for a in rules.Account])
    holder = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=6)
    side = models.CharField(max_length=6, choices=[(s, s) for s in rules.Side])
    balance_minor = models.BigIntegerField(default=0)
    rolled_to = models.BigIntegerField(default=0)

    class Meta:
        db_table = "base_ledger_account"
        constraints = [
            models.UniqueConstraint(fields=["shop", "account", "holder", "currency"], name="base_ledger_account_once"),
            models.CheckConstraint(
                name="base_ledger_account_not_below_nothing",
                condition=~Q(account__in=list(rules.EXACT))
                | Q(side="debit", balance_minor__gte=0)
                | Q(side="credit", balance_minor__lte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.holder} {self.currency}".replace("  ", " ")


class Entry(models.Model):
    """What was booked together."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "base_ledger_entry"
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "reference"], name="base_ledger_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    """One line of an entry; never changed, never deleted."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "base_ledger_posting"
        indexes = [models.Index(fields=["account", "id"], include=["amount_minor"], name="base_ledger_posting_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor}"
