"""`{% load points %}`: the block on the checkout by which points pay a part of an order.

{% points_block counter.quote %}   nothing for a guest, in a shop without points, and for whoever has none
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.growth.membership import queries
from zhanggui.growth.membership.rules import points as rules
from zhanggui.shop.checkout.rules import Quote

register = template.Library()


@register.simple_tag(takes_context=True)
def points_block(context: RequestContext, quote: Quote | None) -> SafeString:
    """What the shopper's points pay, or would pay, of a quote, with the buttons to say so. One statement."""
    visit = context["request"].visit
    shopper = visit.shopper()
    scheme = queries.scheme(visit.shop.code) if shopper else None
    if shopper is None or scheme is None or quote is None or quote.total.currency != visit.shop.currency:
        return SafeString("")
    purse = queries.purse(visit.shop.code, shopper.person, at=clock.now())
    if not purse.has:
        return SafeString("")
    return render_to_string("storefront/parts/points.html", _said(quote, has=purse.has, scheme=scheme))


def _said(quote: Quote, *, has: int, scheme: rules.Scheme) -> dict[str, Any]:
    saved = -Money.total((a.amount for a in quote.adjustments if a.step == rules.STEP), quote.total.currency)
    most = rules.usable(quote, has=has, scheme=scheme)
    return {
        "has": has,
        "saved": saved if saved else None,
        "used": rules.points_of(saved, worth=scheme.worth),
        "most": most.points if most else 0,
        "can_save": most.money if most else None,
        "step": scheme.step,
        "to": reverse("storefront:choose_points"),
    }
