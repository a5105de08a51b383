"""`base.spreadsheets` in SQL: cells of refused lines guarded on their way out, and as they were on their way in."""

from __future__ import annotations

from zhanggui.base.spreadsheets import FIGURE, FORMULA
from zhanggui.doors.imports.stage import literal


def plain(cell: str) -> str:
    """SQL for a cell that no spreadsheet takes for a formula."""
    is_formula = f"regexp_matches({cell}, {_whole(FORMULA, end='')}) and not regexp_matches({cell}, {_whole(FIGURE)})"
    return f"case when {is_formula} then '''' || {cell} else {cell} end"


def meant(cell: str) -> str:
    """SQL for what a guarded cell says."""
    return f"case when regexp_matches({cell}, {_whole(chr(39) + FORMULA, end='')}) then {cell}[2:] else {cell} end"


def _whole(pattern: str, *, end: str = "\\z") -> str:
    return literal(f"\\A(?:{pattern}){end}")
