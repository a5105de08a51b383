"""What needs a hand now, on a page of its own for whoever works in the shop without its numbers."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import needing
from zhanggui.doors.console.gate import ConsoleRequest, page, show


@require_safe
@page(Right.RUN_SHOP, Right.SEE_SYSTEM)
def hands(request: ConsoleRequest) -> HttpResponse:
    """All that may need a hand, what does first."""
    found = needing.hands_of(request.operator, request.scope.shop, at=clock.now())
    return show(
        request,
        "console/hands.html",
        hands=[hand for hand in found if hand.count],
        at_rest=[hand for hand in found if not hand.count],
    )
