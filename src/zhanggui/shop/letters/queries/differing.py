"""What a letter says about an exchange whose difference was not paid."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.shops import queries as shops
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.returns.rules import Return, Wish


def difference_unpaid(found: Return) -> tuple[str, ...]:
    """What becomes of an exchange when the order that asked for its difference ran out, in sentences.

    It waits as long as its goods are kept, or is a refund already; paid by another order, it goes on untold.
    """
    said = [_("The difference for your exchange was not paid in time. Nothing was charged.")]
    if found.pay_by and clock.now() < found.pay_by and not returns.is_paid(found):
        until = formats.moment(found.pay_by, language=get_language() or "zh", zone=shops.shop(found.shop).zone)
        kept = _("We keep what you get instead until %(moment)s; pay on the page of the return.")
        said.append(kept % {"moment": until})
        said.append(_("If it is not paid by then, your exchange becomes a refund."))
    elif found.is_open and found.wish is Wish.REFUND:
        said.append(_("Your return goes on: you get your money for what comes back."))
    return tuple(said)
