"""The report of what was measured."""

from __future__ import annotations

from benchmarks.number import Number
from benchmarks.report import growth


def test_what_was_measured_at_several_sizes_stands_side_by_side() -> None:
    rows = [
        Number(name="100 million: cockpit", value=0.5, unit="s"),
        Number(name="9 million: cockpit", value=0.2, unit="s"),
        Number(name="9 million: loading", value=3, unit="s"),
        Number(name="cockpit of demo", value=0.1, unit="s"),
    ]
    assert list(growth(rows)) == [
        "| what | 9 million | 100 million | times |",
        "|---|---|---|---|",
        "| cockpit | 0.2 s | 0.5 s | 2.5 |",
        "",
    ]
    assert not list(growth(rows[2:]))
