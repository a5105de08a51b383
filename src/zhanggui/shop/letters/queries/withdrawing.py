"""What a letter says about giving a purchase up, where European law is kept."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Law


def how_to_withdraw(shop: str) -> tuple[str, ...]:
    """What European law has a shop say in writing once a purchase is made, as a paragraph; none elsewhere."""
    if shops.shop(shop).law is not Law.EU:
        return ()
    who = shops.imprint(shop)
    said = [_("You can withdraw without a reason until fourteen days after the last goods have arrived.")]
    said.append(_("Open the order and choose “Return something”, or tell us in any clear words."))
    if told := ", ".join(each for each in (who.company, who.address, who.email, who.phone) if each):
        said.append(_("We are: %(who)s.") % {"who": told})
    said.append(_("What is excepted, and a form that you can use, stands in our help on returns."))
    return (" ".join(said),)
