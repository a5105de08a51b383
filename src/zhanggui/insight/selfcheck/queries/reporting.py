"""Working all figures out and holding them against the book."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base import clock
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.selfcheck.queries.figures import FIGURES
from zhanggui.insight.selfcheck.rules import BOOK, UNCHECKED, Published, Report, check

_kept = metrics.keeper(Report, most=32)


def report(shop: str) -> Report:
    """What the self-check finds, of this edition of the program; a new process works it out anew."""
    return _kept.get(shop, ("selfcheck", shop), made)


def made(book: Sequence[Published] = BOOK) -> Report:
    """What the self-check finds now.

    book  the published figures; one that our code does not know disagrees
    """
    began = clock.now()
    ours = {key: figures for work_out in FIGURES for key, figures in work_out().items()}
    checks = tuple(check(one, ours.get(one.key, ())) for one in book)
    return Report(checks=checks, unchecked=UNCHECKED, made_at=began, took=clock.now() - began)
