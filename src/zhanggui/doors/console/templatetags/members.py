"""`{% load members %}`: a customer's tier and points on the console's pages.

{% points_of one %}    the panel on a customer's page: tier, points, what happened, points by hand
"""

from __future__ import annotations

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import member_words as words
from zhanggui.growth.membership import queries
from zhanggui.shop.customers.rules import Listed

register = template.Library()
_MOST_MOVES = 20


@register.simple_tag(takes_context=True)
def points_of(context: RequestContext, one: Listed) -> SafeString:
    """How a customer stands as a member; nothing in a shop without points. Three statements."""
    request = context["request"]
    shop, now = request.scope.shop.code, clock.now()
    if queries.scheme(shop) is None:
        return SafeString("")
    said = {
        "one": one,
        "scope": request.scope,
        "standing": queries.standing(shop, one.person, at=now),
        "purse": queries.purse(shop, one.person, at=now),
        "moves": [
            (words.MOVES.get(move.kind, move.kind), move)
            for move in queries.history(shop, one.person, limit=_MOST_MOVES)
        ],
        "may_give": request.operator.may(Right.GIVE_FREELY),
        "key": ids.uuid7(),
    }
    return render_to_string("console/membership/of_customer.html", said, request=request)
