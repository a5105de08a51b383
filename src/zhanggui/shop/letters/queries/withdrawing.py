"""What a letter says about giving a purchase up, where European law is kept."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Imprint, Law
from zhanggui.shop.returns.rules import Return, is_withdrawal


def how_to_withdraw(shop: str) -> tuple[str, ...]:
    """What European law has a shop say in writing once a purchase is made, in two paragraphs; none elsewhere."""
    if shops.shop(shop).law is not Law.EU:
        return ()
    who = shops.imprint(shop)
    said = [_("You can withdraw without a reason until fourteen days after the last goods have arrived.")]
    said.append(_("Open the order and choose “Withdraw or return”, or tell us in any clear words."))
    if told := ", ".join(each for each in (who.company, who.address, who.email, who.phone) if each):
        said.append(_("We are: %(who)s.") % {"who": told})
    said.append(_("What is excepted stands in our help on returns."))
    return " ".join(said), _form(shop, who)


def withdrawn(found: Return) -> tuple[str, ...]:
    """That a withdrawal reached us, and when, which European law has a shop confirm in writing; none for any other."""
    there = shops.shop(found.shop)
    if not is_withdrawal(found, law=there.law):
        return ()
    language = get_language() or "zh"
    at = formats.moment(found.requested_at, language=language, zone=there.zone)
    return (_("We have received your withdrawal of %(moment)s.") % {"moment": at},)


def _form(shop: str, who: Imprint) -> str:
    """The form of directive 2011/83/EU, annex I B: a letter stays as it is, a page of help may change."""
    to = ", ".join(each for each in (who.company or shops.shop(shop).name, who.address, who.email) if each)
    lines = (
        _("To %(company)s") % {"company": to},
        _("I withdraw from my purchase of these goods or services: …"),
        _("Order number: … · Ordered on: … · Received on: …"),
        _("My name and address: … · Date: … · On paper, my signature: …"),
    )
    return " / ".join((_("A form that you can use"), *lines))
