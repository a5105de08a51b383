"""Working all figures out and holding them against the book."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base import clock
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.selfcheck import ports
from zhanggui.insight.selfcheck.queries.figures import FIGURES
from zhanggui.insight.selfcheck.rules import BOOK, UNCHECKED, Published, Report, check

_kept = metrics.keeper(Report, most=32)


def report(shop: str) -> Report:
    """What the self-check finds, of this edition of the program; a new process works it out anew."""
    return _kept.get(shop, ("selfcheck", shop), made)


def whole_book() -> tuple[Published, ...]:
    """All published figures: those of insight, then those of whoever is plugged in."""
    return (*BOOK, *(published for other in ports.others for published in other.book))


def made(book: Sequence[Published] | None = None) -> Report:
    """What the self-check finds now.

    book  the published figures, all if not given; one that our code does not know disagrees
    """
    began = clock.now()
    working = (*FIGURES, *(other.work_out for other in ports.others))
    ours = {key: figures for work_out in working for key, figures in work_out().items()}
    checks = tuple(check(one, ours.get(one.key, ())) for one in (whole_book() if book is None else book))
    return Report(checks=checks, unchecked=UNCHECKED, made_at=began, took=clock.now() - began)
