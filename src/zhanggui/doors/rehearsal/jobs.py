"""What the rehearsal leaves to the worker."""

from __future__ import annotations

from zhanggui.base.jobs.actions import job


@job(name="rehearsal.steer")
def steer(*, shop: str, last_day: str, days: int, sightings: int, orders: int) -> None:
    """Let a demonstration shop be steered through the last weeks of its past; what was done already is left alone.

    It is queued by the rehearsal alone, for a shop that it has filled itself.
    """
    from zhanggui.doors.rehearsal import steering  # noqa: PLC0415 - every process knows its jobs, few ever simulate

    steering.steer(shop=shop, last_day=last_day, days=days, sightings=sightings, orders=orders)
