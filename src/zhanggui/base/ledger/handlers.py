"""What the clock starts."""

from __future__ import annotations

from zhanggui.base.jobs.actions import job
from zhanggui.base.ledger import actions


@job(name="ledger.roll_up", every="17 * * * *")
def roll_up() -> None:
    """Keep the balances that everybody asks for quick to add up."""
    actions.roll_up()
