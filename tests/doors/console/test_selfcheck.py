"""The self-check at the console and on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.doors.console.conftest import WEEK
from tests.shop.made import statements
from zhanggui.doors.commands.selfcheck import command
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.selfcheck import queries
from zhanggui.insight.selfcheck.queries import reporting
from zhanggui.insight.selfcheck.rules import BOOK

PAGE = f"/console/system/selfcheck/?{WEEK}"


@pytest.fixture
def misprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book whose first figure is another one."""
    book = (replace(BOOK[0], figures=(Decimal("0.5"),)), *BOOK[1:])
    monkeypatch.setattr(reporting.made, "__defaults__", (book,))
    forget_all()


@pytest.fixture(autouse=True)
def _anew() -> None:
    forget_all()


@pytest.mark.usefixtures("acme", "at_noon")
def test_the_page_says_that_all_agree_and_what_is_not_checked(owner: Client) -> None:
    text = unescape(owner.get(PAGE).content.decode())
    count = len(queries.whole_book())
    assert f"{count} of {count} published figures are ours too" in text
    assert "GrowthBook" in text
    assert "0.7266" in text
    assert "0.000016" in text
    assert "E-" not in text
    assert "there is nothing to check yet: not built" in text
    lines = owner.get(PAGE.replace("/?", "/table.csv?")).content.decode().splitlines()
    assert len(lines) == count + 1
    assert any(line.endswith(",73,73,0,0,yes") for line in lines)
    with statements() as sent:
        owner.get(PAGE)
    assert len(sent) <= 12, sent


@pytest.mark.usefixtures("acme", "at_noon", "misprinted")
def test_the_page_shows_which_figure_does_not_agree(owner: Client) -> None:
    text = unescape(owner.get(PAGE).content.decode())
    assert f"{len(BOOK) - 1} of {len(BOOK)} published figures are ours too" in text
    assert "do not trust the pages of its kind" in text


def test_the_command_says_it_to_people_and_machines() -> None:
    said = CliRunner().invoke(command)
    assert said.exit_code == 0
    count = len(queries.whole_book())
    assert f"{count} of {count}" in said.output
    told = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert (told["agreed"], told["of"]) == (count, count)
    assert {one["agrees"] for one in told["checks"]} == {True}


@pytest.mark.usefixtures("misprinted")
def test_the_command_ends_with_a_code_if_a_figure_does_not_agree() -> None:
    said = CliRunner().invoke(command)
    assert said.exit_code == 1
    assert "0.5 ≠ 0.0078" in said.output
