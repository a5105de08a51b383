"""Run as a process on a database and home of its own: makes what the door needs, or tells what is in the lake."""

from __future__ import annotations

import sys
from datetime import date

import django


def main() -> None:
    """Without an argument: tables, a shop, its key in the home. With `count`: the ids of all events, a line each."""
    if sys.argv[1:] == ["count"]:
        for (id,) in lake.ask(f"select id from {lake.events('tea', date.min, date.max)}"):
            print(id)
        return
    for app in ("base_shops", "base_operation", "insight_lake", "doors_ingest"):
        call_command("migrate", app, verbosity=0, skip_checks=True)
    (home() / "key").write_text(a_shop())


if __name__ == "__main__":
    django.setup()
    # Django's models can be read only from here on.
    from django.core.management import call_command

    from tests.doors.ingest.making import a_shop
    from zhanggui.base.home import home
    from zhanggui.insight.lake import queries as lake

    main()
