"""Whether the books agree: when each was added up last, and what did not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.audit import actions
from zhanggui.base.audit import queries as audit
from zhanggui.base.jobs.actions import later
from zhanggui.doors.console.gate import ConsoleRequest, page, show


@require_safe
@page(Right.SEE_NUMBERS, Right.SEE_SYSTEM, needs_shop=False)
def books(request: ConsoleRequest) -> HttpResponse:
    """All books, those that differ with what was found."""
    return show(
        request,
        "console/books.html",
        books=audit.books(at=clock.now()),
        may_mend=request.operator.may(Right.MEND_SYSTEM),
    )


@require_POST
@page(Right.MEND_SYSTEM, needs_shop=False)
def add_up(request: ConsoleRequest) -> HttpResponse:
    """Let the worker add everything up now instead of tonight."""
    later(actions.nightly, once=actions.nightly.name)
    messages.success(request, _("The worker adds everything up now. This page shows what came of it in a minute."))
    return HttpResponseRedirect(reverse("console:books"))
