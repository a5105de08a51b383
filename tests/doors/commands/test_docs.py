"""The documents that are made from the code."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from zhanggui.doors.commands import docs
from zhanggui.insight.metrics.rules import METRICS
from zhanggui.spine.facts import registry


def run(*words: str, folder: Path) -> object:
    return CliRunner().invoke(docs.command, [*words, "--folder", str(folder)])


def test_what_was_written_is_fresh_until_somebody_touches_it(tmp_path: Path) -> None:
    assert run("--check", folder=tmp_path).exit_code == 1
    assert run("--write", folder=tmp_path).exit_code == 0
    assert run("--check", folder=tmp_path).exit_code == 0

    (tmp_path / "metrics.md").write_text("GMV is whatever we like\n")

    touched = run("--check", folder=tmp_path)
    assert touched.exit_code == 1
    assert "metrics.md" in touched.output
    assert "facts.md" not in touched.output


def test_every_fact_and_every_metric_is_in_them() -> None:
    said = docs.documents()
    own = [entry for entry in registry.entries() if not entry.name.startswith("test.")]

    assert all(f"### `{entry.name}` version {entry.version}\n" in said["facts.md"] for entry in own)
    assert all(f"| `{key}` | {one.name_zh} | {one.name_en} |" in said["metrics.md"] for key, one in METRICS.items())


def test_one_of_the_two_wishes_must_be_said(tmp_path: Path) -> None:
    assert run(folder=tmp_path).exit_code == 2
    assert run("--write", "--check", folder=tmp_path).exit_code == 2
