"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.insight.value import actions


@job(name="insight.refit_value", every="23 19 * * 0")
def refit() -> None:
    """Fit the models of what buyers will be worth anew, once a week."""
    actions.refit_all(at=clock.now())


jobs: tuple[Job, ...] = (refit, actions.refit_one)
