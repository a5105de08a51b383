"""How the house itself stands, and mending it."""

from __future__ import annotations

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhanggui.base.accounts.rules import Right
from zhanggui.base.jobs import actions as jobs
from zhanggui.base.jobs import queries as queue
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.lake import queries as lake
from zhanggui.spine.relay import actions as relay
from zhanggui.spine.relay import queries as readers


@page(Right.SEE_SYSTEM, needs_shop=False)
def system(request: ConsoleRequest) -> HttpResponse:
    """Readers of the log, jobs that gave up, the lake, the processes."""
    return show(
        request,
        "console/system.html",
        readers=readers.readers(),
        counts=queue.counts(),
        dead=queue.dead_letters(limit=50),
        lake=lake.ops(),
        lakes=[(shop, lake.ops(shop.code)) for shop in request.shops],
        database=_database(),
        may_mend=request.operator.may(Right.MEND_SYSTEM),
    )


@require_POST
@page(Right.MEND_SYSTEM, needs_shop=False)
def read_on(request: ConsoleRequest, name: str) -> HttpResponse:
    """Let a reader that rests go on at once."""
    relay.try_again(reader_name=name)
    messages.success(request, _("%(name)s reads on.") % {"name": name})
    return _back()


@require_POST
@page(Right.MEND_SYSTEM, needs_shop=False)
def run_again(request: ConsoleRequest, id: int) -> HttpResponse:
    """Queue a job that gave up once more."""
    is_done = jobs.try_again(job_id=id)
    messages.success(request, _("The job is queued again.") if is_done else _("The job had already left the list."))
    return _back()


@require_POST
@page(Right.MEND_SYSTEM, needs_shop=False)
def drop(request: ConsoleRequest, id: int) -> HttpResponse:
    """Take a job that gave up off the list for good."""
    is_done = jobs.give_up(job_id=id)
    messages.success(request, _("The job is dropped.") if is_done else _("The job had already left the list."))
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("console:system"))


def _database() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), pg_database_size(current_database()),"
            " (select count(*) from pg_stat_activity where datname = current_database()),"
            " current_setting('max_connections')::int, pg_postmaster_start_time()"
        )
        version, size, connections, most, since = cursor.fetchone()
    return {"version": version, "size": size, "connections": connections, "most": most, "since": since}
