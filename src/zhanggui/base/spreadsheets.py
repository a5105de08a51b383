"""Text in files that people open with a spreadsheet: a cell that begins like a formula is written so that it is none.

Whoever writes a name, a review or a search term may have it begin with `=`; a spreadsheet would run it on the machine
of whoever opens the file. An apostrophe before it says that it is text, as WooCommerce and OWASP advise. A file that is
to come in again is read with `meant`, so that nothing in it changes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

# What spreadsheets pass over before a formula: control signs, blanks of every width, marks that nobody sees.
_UNSEEN: Final = "\\x00-\\x20\\x7f-\\xa0\\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
# An apostrophe in front is part of it: one more is put before it, or the first would be taken off on the way in. Also
# understood by DuckDB.
FORMULA: Final = f"'*[{_UNSEEN}]*[=+@＝＋＠－-]"
FIGURE: Final = "-[0-9]+(\\.[0-9]+)?"
# Spreadsheets take Chinese for something else without the mark.
MARK: Final = "\ufeff"
_formula: Final = re.compile(FORMULA)
_figure: Final = re.compile(FIGURE)


def plain(said: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula: =1+1 -> '=1+1. A figure below zero is none."""
    return f"'{said}" if is_formula(said) else said


def is_formula(said: str) -> bool:
    """Whether a spreadsheet might take a text for a formula."""
    return _formula.match(said) is not None and _figure.fullmatch(said) is None


def meant(said: str) -> str:
    """What a cell of such a file says, without the apostrophe that guards it: '=1+1 -> =1+1; others as they are."""
    return said[1:] if said[:1] == "'" and _formula.match(said, 1) else said


def lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, each when it is asked for; texts are guarded, figures stand as they are."""
    writer = csv.writer(_Echo())
    yield MARK + writer.writerow(plain(head) for head in heads)
    for row in rows:
        yield writer.writerow(plain(cell) if isinstance(cell, str) else cell for cell in row)


class _Echo:
    """Gives back what a CSV writer writes."""

    def write(self, said: str) -> str:
        """The line itself."""
        return said
