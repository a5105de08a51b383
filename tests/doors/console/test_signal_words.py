"""Whatever a detector finds has words in the inbox: without them a page would say `lies_at_cost`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from zhanggui.doors.console import signal_words
from zhanggui.steer.signals import detectors, ports


def test_every_kind_of_signal_has_a_name() -> None:
    assert len(ports.detectors) > 15
    assert ports.detectors.keys() - signal_words.KINDS.keys() == set()


def test_every_evidence_has_a_sentence() -> None:
    files = Path(detectors.__path__[0]).glob("*.py")
    found = {what for file in files for what in _evidence(ast.parse(file.read_text()))}
    assert len(found) > 30
    assert found - signal_words.SENTENCES.keys() == set()


def _evidence(tree: ast.AST) -> Iterator[str]:
    """What a detector gives as `what`, at once or by a name of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "what":
            yield from _said(node.value)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "what" for to in node.targets):
            yield from _said(node.value)


def _said(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from (*_said(value.body), *_said(value.orelse))
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
