"""What `zhanggui doctor` looks at in the spine."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.health import Check, Outcome, bad, good, watch
from zhanggui.spine.relay import queries
from zhanggui.spine.relay.models import Cursor

MANY_WAITING = 10_000
LONG_STILL = timedelta(minutes=5)


def _readers() -> Outcome:
    states = queries.readers()
    for state in states:
        if state.failures:
            said = _("The reader {name} stands still after {count} failures; {waiting} facts wait.")
            mend = _("See why on the console's system page, mend it, and let it try again there.")
            return bad(said.format(name=state.name, count=state.failures, waiting=state.waiting), mend=mend)
    waiting = max((state.waiting for state in states), default=0)
    still = [s for s in states if s.waiting and s.moved_at and clock.now() - s.moved_at > LONG_STILL]
    if still or waiting > MANY_WAITING:
        said = _("{waiting} facts wait to be read.").format(waiting=waiting)
        return watch(said, mend=_("Is the relay running? `zhanggui run` keeps it up; alone it is `zhanggui relay`."))
    return good(_("All readers keep up; {waiting} facts wait.").format(waiting=waiting))


def _cursors() -> Outcome:
    """A restored database counts its transactions anew: cursors from before would wait for ever."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        now = int(cursor.fetchone()[0])
    ahead = Cursor.objects.filter(xid__gte=now).count()
    if ahead:
        said = _("{count} readers stand ahead of the log: the database was restored from a dump.").format(count=ahead)
        return bad(said, mend=_("A dump loses the log's order. Restore a physical copy (pg_basebackup) instead."))
    return good(_("No reader stands ahead of the log."))


readers = Check(name="relay_readers", look=_readers)
cursors = Check(name="relay_cursors", look=_cursors)
