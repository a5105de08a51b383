"""Taking product files in: the job that tries one, or takes it in, lot by lot."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from typing import Final

import msgspec
from django.utils import translation

from zhanggui.base import clock, spreadsheets
from zhanggui.base.errors import Refused
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import intaking, models, ports, product_words
from zhanggui.doors.console.rules import IntakeKind, IntakeState
from zhanggui.shop.catalogue import actions
from zhanggui.shop.catalogue.actions import Tally
from zhanggui.shop.catalogue.rules.exchange import Fault, Row
from zhanggui.spine.log.rules import Trail

# A hundred thousand SKUs in both languages are about 60 MB.
MOST_BYTES: Final = 256_000_000
_LINE, _WHY = "refused_line", "refused_why"


@job(name="console.bring_in_products", tries=4)
def bring_in_products(*, id: str, run: int) -> None:
    """Try a product file, or take it in, lot by lot; how far it is stands in its row."""
    row = intaking.running(id, run, IntakeKind.PRODUCTS)
    if row is None:
        return
    is_trial = row.state == IntakeState.TRYING
    try:
        tally = _brought_in(row, dry_run=is_trial)
    except intaking.Overtaken:
        return
    except Refused as refused:
        line = int(refused.data.get("line") or 0)
        intaking.write(row, state=IntakeState.STOPPED, reason=type(refused).__name__, line=line)
        return
    intaking.write(row, state=IntakeState.TRIED if is_trial else IntakeState.TAKEN, tally=msgspec.to_builtins(tally))
    if not is_trial:
        intaking.forget(row.id)


def _brought_in(row: models.Intake, *, dry_run: bool) -> Tally:
    path = intaking.path_of(row.id)
    with ports.file_openers[0](path) as (form, rows):
        columns: dict[str, None] = {}
        total_rows = 0
        for one in rows:
            total_rows += 1
            columns.update(dict.fromkeys(one.cells))
    intaking.write(row, form=form.value, total_rows=total_rows, begun_at=clock.now(), tally=None)
    with ports.file_openers[0](path) as (form, rows), _LeftOut(row, list(columns)) as left_out:
        return actions.bring_in(
            rows=rows,
            form=form,
            trail=Trail(shop=row.shop),
            by=operator(row.sent_by),
            dry_run=dry_run,
            watch=lambda tally: intaking.write(row, tally=msgspec.to_builtins(tally)),
            left_out=left_out.add,
        )


class _LeftOut:
    """Writes the products that are left out into a file that can be mended and sent again; whole, or not at all."""

    def __init__(self, row: models.Intake, columns: Sequence[str]) -> None:
        self._path = intaking.refused_path(row.id)
        self._fresh = self._path.with_suffix(f".{row.run}")
        self._language = row.language
        self._file = self._fresh.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.DictWriter(self._file, [*(one for one in columns if one not in (_LINE, _WHY)), _LINE, _WHY])

    def __enter__(self) -> _LeftOut:
        self._writer.writerow({column: spreadsheets.plain(column) for column in self._writer.fieldnames})
        return self

    def add(self, rows: Sequence[Row], fault: Fault) -> None:
        """Write the rows of a product, and on the first of them why it was left out."""
        with translation.override(self._language):
            why = " ".join(part for part in (product_words.fault(fault.code), fault.said) if part)
        for place, row in enumerate(rows):
            cells = {column: spreadsheets.plain(cell) for column, cell in row.cells.items()}
            self._writer.writerow({**cells, _LINE: row.line, _WHY: "" if place else spreadsheets.plain(why)})

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._fresh, self._path)
        else:
            self._fresh.unlink()
