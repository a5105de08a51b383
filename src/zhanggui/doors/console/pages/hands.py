"""What is to be done today: what waits for a decision, by money, and what needs a hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import needing, todays
from zhanggui.doors.console.gate import ConsoleRequest, page, show


@require_safe
@page(Right.RUN_SHOP, Right.SEE_NUMBERS, Right.SEE_SYSTEM)
def hands(request: ConsoleRequest) -> HttpResponse:
    """How the goals stand, signals by money, what needs a hand, what goes on and what it brought.

    Who works in the shop without its numbers sees what needs a hand only.
    """
    shop, now = request.scope.shop, clock.now()
    found = needing.hands_of(request.operator, shop, at=now)
    return show(
        request,
        "console/hands.html",
        hands=[hand for hand in found if hand.count],
        at_rest=[hand for hand in found if not hand.count],
        today=todays.today_of(shop, at=now) if request.operator.may(Right.SEE_NUMBERS) else None,
        may_steer=request.operator.may(Right.STEER),
    )
