"""The verbs about accounts."""

from zhanggui.base.accounts.actions.operators import prove_address, set_password, take_in, take_in_first
from zhanggui.base.accounts.actions.shoppers import (
    claim_session,
    close,
    note_asked,
    open_for,
    prove,
    sign_out_everywhere,
    sweep,
)

__all__ = [
    "claim_session",
    "close",
    "note_asked",
    "open_for",
    "prove",
    "prove_address",
    "set_password",
    "sign_out_everywhere",
    "sweep",
    "take_in",
    "take_in_first",
]
