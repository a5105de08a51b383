"""Progress on a terminal: a bar with lines a second and the time that is left; nothing at all where nobody watches."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from zhanggui.doors.imports.watching import Step


class _Rate(ProgressColumn):
    """Lines a second."""

    def render(self, task: Task) -> Text:
        """As `123,456/s`, empty until it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed and task.total else "", style="dim")


class Bar:
    """Watches an import on a terminal; silent where stderr is not one, or if it shall be quiet."""

    def __init__(self, *, is_quiet: bool) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            _Rate(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            transient=True,
            disable=is_quiet or not console.is_terminal,
        )
        self._task: TaskID | None = None

    def begin(self, step: Step, *, title: str, total: int, done: int = 0) -> None:
        """Show the next step in place of the one before."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(f"{_words(step)} {title}", total=total or None, completed=done)

    def move(self, done: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.update(self._task, completed=done)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()


def _words(step: Step) -> str:
    return {
        Step.READING: _("Reading"),
        Step.SORTING: _("Sorting"),
        Step.TAKING_IN: _("Taking in"),
        Step.ROLLING: _("Preparing the figures of"),
    }[step]
