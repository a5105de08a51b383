"""`zhanggui stock repair`: says first, writes only when told to."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.supply.stock.made import levels, received
from zhanggui.doors.commands.stock import command
from zhanggui.supply.stock import queries
from zhanggui.supply.stock.models import Level

pytestmark = pytest.mark.django_db


def test_right_books_are_left_alone() -> None:
    received(A=5)
    said = CliRunner().invoke(command, ["repair"])
    assert (said.exit_code, said.output) == (0, "The books of the stock are right.\n")


def test_wrong_books_are_shown_and_mended_only_when_it_is_said() -> None:
    received(A=5)
    Level.objects.filter(sku="A").update(on_hand_units=7)
    dry = CliRunner().invoke(command, ["repair"])
    assert (dry.exit_code, dry.output.splitlines()[0]) == (1, "✗ A main: in the house 7 -> 5, promised 0 -> 0")
    assert levels("A") == [(7, 0)]
    written = CliRunner().invoke(command, ["repair", "--write"])
    assert (written.exit_code, written.output[:1]) == (0, "✓")
    assert levels("A") == [(5, 0)]
    assert queries.audit() == ()
