"""The part of a console page's address that says which days of a shop it is about."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode


def days_query(shop: str, first: date, last: date, **more: str) -> str:
    """The query of a page that looks at days of a shop, both included.

    more    cells it looks at, and whatever else the page hears
    source  acme, 3 to 4 May 2026, device tablet -> shop=acme&period=custom&from=2026-05-03&to=2026-05-04&device=tablet
    """
    said = {"shop": shop, "period": "custom", "from": first.isoformat(), "to": last.isoformat()}
    return urlencode(said | more)
