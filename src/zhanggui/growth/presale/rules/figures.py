"""How a presale went, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money

# Law: the share of balances paid that other shops reach; ours is to be above it.
BASELINE: Final = Decimal("0.65")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the reservations of one presale.

    due         wait for their deposit
    deposits    paid theirs, whatever became of them later
    balances    paid their balance
    open        have paid the deposit and not the balance, and still can
    forfeited, returned  lost their deposit, or have it back
    units       pieces that deposits were paid for
    reminders   messages that were sent
    deposit_money, prepayment_money, balance_money  what came in
    kept_money, doubled_money  deposits that were kept, and what we paid on top of those we gave back
    """

    due: int = 0
    deposits: int = 0
    balances: int = 0
    open: int = 0
    forfeited: int = 0
    returned: int = 0
    units: int = 0
    reminders: int = 0
    deposit_money: Money
    prepayment_money: Money
    balance_money: Money
    kept_money: Money
    doubled_money: Money

    @property
    def paid_rate(self) -> Decimal | None:
        """Balances paid of deposits paid, 0.65 is 65 %; None while there is no deposit. Metric `balance_paid_rate`.

        source  13 of 20 -> 0.65
        """
        return Decimal(self.balances) / self.deposits if self.deposits else None

    @property
    def is_above_baseline(self) -> bool:
        """Whether it beats what other shops reach."""
        return self.paid_rate is not None and self.paid_rate > BASELINE
