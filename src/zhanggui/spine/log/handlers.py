"""What the clock starts."""

from __future__ import annotations

from zhanggui.base.jobs.actions import job
from zhanggui.spine.log import actions


@job(name="spine.make_partitions", every="10 3 * * *")
def make_partitions() -> None:
    """Have the log's partitions ready months before they are needed."""
    actions.make_partitions()
