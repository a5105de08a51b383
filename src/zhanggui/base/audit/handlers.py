"""What the clock starts."""

from __future__ import annotations

from itertools import islice

from zhanggui.base.audit import queries
from zhanggui.base.audit.errors import BooksDisagree
from zhanggui.base.jobs.actions import job

MOST_NAMED = 20


@job(name="base.audit", every="30 19 * * *")
def nightly() -> None:
    """Add everything up again; a disagreement fails the job, so that a person sees it.

    refuses  BooksDisagree
    """
    found = [f"{name}: {what}" for name, what in islice(queries.disagreements(), MOST_NAMED)]
    if found:
        raise BooksDisagree(found=found)
