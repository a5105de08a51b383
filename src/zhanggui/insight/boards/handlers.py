"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.insight.boards import actions


@job(name="insight.post_boards", every="*/5 * * * *")
def post() -> None:
    """Every five minutes: queue the mails that are due. A zone's hour may begin at a half or a quarter of ours."""
    actions.queue_due(at=clock.now())


jobs: tuple[Job, ...] = (post, actions.write)
