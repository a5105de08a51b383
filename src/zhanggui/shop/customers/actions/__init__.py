"""The verbs about customers."""

from zhanggui.shop.customers.actions.addresses import choose_default, forget_address, freeze_address, keep_address
from zhanggui.shop.customers.actions.closing import close_account, mask, mask_old
from zhanggui.shop.customers.actions.consenting import consent
from zhanggui.shop.customers.actions.knowing import recognise, rename, welcome
from zhanggui.shop.customers.actions.serving import add_note, unmask

__all__ = [
    "add_note",
    "choose_default",
    "close_account",
    "consent",
    "forget_address",
    "freeze_address",
    "keep_address",
    "mask",
    "mask_old",
    "recognise",
    "rename",
    "unmask",
    "welcome",
]
