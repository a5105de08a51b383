"""What `zhanggui doctor` looks at in the spine."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from zhanggui.base.health import Check, Outcome, bad, good
from zhanggui.spine.relay.models import Cursor


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


cursors = Check(name="relay_cursors", look=_cursors)
