"""Taking in files of what another shop sold and who looked at it: the job that tries one, or takes it in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from django.utils import translation

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import intaking, models, ports
from zhanggui.doors.console.rules import Arrived, Asked, IntakeKind, IntakeState

# Ten million order lines as CSV are about 800 MB.
MOST_BYTES: Final = 2_000_000_000


@job(name="console.bring_in_orders", tries=4)
def bring_in_orders(*, id: str, run: int) -> None:
    """Try the file of another shop, or take it in, chunk by chunk; how far it is stands in its row."""
    row = intaking.running(id, run, IntakeKind.ORDERS)
    if row is None:
        return
    is_trial = row.state == IntakeState.TRYING
    try:
        arrived = _brought_in(row, dry_run=is_trial)
    except intaking.Overtaken:
        return
    except Refused as refused:
        _stop(row, refused)
        return
    state = IntakeState.TRIED if is_trial else IntakeState.TAKEN
    intaking.write(row, state=state, shop=arrived.shop, total_rows=arrived.line_count, tally=_kept(arrived))
    if not is_trial:
        intaking.forget(row.id)


def _brought_in(row: models.Intake, *, dry_run: bool) -> Arrived:
    asked = msgspec.convert(row.asked, Asked)
    intaking.write(row, begun_at=clock.now())
    with translation.override(row.language):
        report = ports.order_files[0].bring_in(
            _path(row), by=operator(row.sent_by), dry_run=dry_run, watch=_Watch(row), **msgspec.to_builtins(asked)
        )
    return msgspec.convert(report, Arrived, from_attributes=True)


def _path(row: models.Intake) -> Path:
    """The file that was sent, or the folder if there were several."""
    folder = intaking.folder_of(row.id)
    files = list(folder.iterdir()) if folder.exists() else []
    return files[0] if len(files) == 1 else folder


def _stop(row: models.Intake, refused: Refused) -> None:
    with translation.override(row.language):
        said = ports.order_files[0].complaint(refused)
    guess = Arrived(guess=str(refused.data.get("guess", "")))
    intaking.write(row, state=IntakeState.STOPPED, reason=type(refused).__name__, said=said, tally=_kept(guess))


def _kept(arrived: Arrived) -> object:
    return msgspec.to_builtins(arrived)


@dataclass(slots=True)
class _Watch:
    """Writes how far a file is into its row."""

    row: models.Intake
    step: str = ""

    def begin(self, step: str, *, title: str, total: int, done: int = 0) -> None:
        """Another step begins; total 0 means nobody knows how much there is."""
        self.step = str(step)
        intaking.write(self.row, total_rows=total, tally=_kept(Arrived(step=self.step, done=done)))

    def move(self, done: int) -> None:
        """So much of the step is done by now."""
        intaking.write(self.row, tally=_kept(Arrived(step=self.step, done=done)))
