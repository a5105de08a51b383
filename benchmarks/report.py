"""`make bench`: every benchmark on a fresh home and a durable server, one after the other, into docs/numbers.md.

`make bench ARGS="lake imports"` measures only those and keeps the other rows of the table.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.number import Number
from zhanggui.base.database.server import Server

HERE = Path(__file__).resolve().parent
KEPT = HERE / "numbers.json"
REPORT = HERE.parent / "docs" / "numbers.md"
NOT_ONES = {"__init__", "number", "report", "one", "browsers", "buyers", "quarter", "simulated", "troubles"}

_SIZED = re.compile(r"(?P<size>[\d,]+) million: (?P<what>.+)")


def main() -> None:
    """Measure what was asked for, or everything, and write the report."""
    every = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_ONES)
    chosen = sys.argv[1:] or every
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in chosen:
        print(f"== {name}", flush=True)
        kept[name] = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "rows": [asdict(n) for n in _measure(name)]}
    KEPT.write_text(json.dumps({name: kept[name] for name in every if name in kept}, indent=1) + "\n")
    REPORT.write_text(_report(kept, every))


@contextmanager
def _home() -> Iterator[str]:
    """A folder that the account of the database server may enter, as root too."""
    with tempfile.TemporaryDirectory(prefix="zg-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        yield folder


def _measure(name: str) -> list[Number]:
    with _home() as folder, Server(Path(folder)) as server:
        environment = os.environ | {
            "ZHANGGUI_HOME": folder,
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "zhanggui.config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.one", name],
            env=environment,
            cwd=HERE.parent,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    numbers = [Number(**row) for row in json.loads(done.stdout.strip().splitlines()[-1])]
    for number in numbers:
        print(_row(number), flush=True)
    return numbers


def _report(kept: dict[str, dict[str, object]], order: list[str]) -> str:
    lines = [
        "# Numbers",
        "",
        f"Measured with `make bench` on {_machine()}; client, server and database share the cores, commits are "
        "synchronous. A ratio compares with a bound measured in the same run: it travels to other machines, "
        "the value does not.",
        "",
    ]
    for name in order:
        if name in kept:
            rows = [Number(**row) for row in kept[name]["rows"]]  # type: ignore[union-attr]
            lines += [f"## {name}", "", f"{kept[name]['measured']} · `benchmarks/{name}.py`", ""]
            lines += ["| what | value | ratio | against |", "|---|---|---|---|", *map(_row, rows), "", *growth(rows)]
    return "\n".join(lines)


def growth(rows: list[Number]) -> Iterator[str]:
    """What was measured at several sizes, side by side, with how many times the smallest the largest is."""
    sizes: dict[str, dict[str, Number]] = {}
    for number in rows:
        if found := _SIZED.fullmatch(number.name):
            sizes.setdefault(found["what"], {})[found["size"]] = number
    grown = {what: at for what, at in sizes.items() if len(at) > 1}
    if not grown:
        return
    names = sorted(next(iter(grown.values())), key=lambda size: int(size.replace(",", "")))
    yield f"| what | {' | '.join(f'{size} million' for size in names)} | times |"
    yield "|---|" + "---|" * (len(names) + 1)
    for what, at in grown.items():
        figures = " | ".join(f"{_figure(at[size].value)} {at[size].unit}" for size in names)
        yield f"| {what} | {figures} | {_figure(at[names[-1]].value / at[names[0]].value)} |"
    yield ""


def _row(number: Number) -> str:
    ratio = "" if number.ratio is None else f"{number.ratio:.2f}"
    return f"| {number.name} | {_figure(number.value)} {number.unit} | {ratio} | {number.against} |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
