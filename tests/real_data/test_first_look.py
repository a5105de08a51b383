"""docs/howto/first-look.md: every question is asked again, and every figure is counted anew from the raw files."""

from __future__ import annotations

import html
import re
import shlex
from dataclasses import dataclass

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.real_data.conftest import PAGE, Taken
from tests.real_data.truths import TRUTHS
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.commands import metric

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A section of the page.

    address  of the page that is asked; empty if it is a command
    command  that is asked, and what it prints
    figures  that come out
    """

    title: str
    address: str
    command: str
    printed: str
    figures: tuple[str, ...]


def findings() -> list[Finding]:
    sections = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    return [_finding(re.split(r"^## ", section, flags=re.M)[0]) for section in sections]


def _finding(section: str) -> Finding:
    title, _, rest = section.partition("\n")
    address = re.search(r"^Ask: `(\S+)`", rest, re.M)
    block = re.search(r"```console\n\$ zhanggui metric (.+)\n((?:.+\n)+)```", rest)
    told = rest[rest.index("It says:") :]
    return Finding(
        title=title,
        address=address[1] if address else "",
        command=block[1] if block else "",
        printed=block[2] if block else "",
        figures=tuple(re.findall(r"`([^`]+)`", told)),
    )


@pytest.fixture
def owner() -> Client:
    someone = Operator.objects.create(email="o@example.com", role=Role.OWNER, joined_at=clock.now(), password="!")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(someone)
    return client


def _text(page: str) -> str:
    main = re.search(r"<main.*?</main>", page, re.S)
    assert main
    bare = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", main[0], flags=re.S)
    return " ".join(html.unescape(bare).split())


def test_there_are_three_findings_for_each_of_the_five_shops() -> None:
    parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    assert [part.count("\n### ") for part in parts] == [3] * 5
    assert [finding.title for finding in findings()] == list(TRUTHS)


@pytest.mark.parametrize("finding", findings(), ids=lambda finding: finding.title)
def test_the_raw_files_say_the_same(finding: Finding) -> None:
    assert finding.figures == TRUTHS[finding.title]()


@pytest.mark.parametrize("finding", [one for one in findings() if one.command], ids=lambda finding: finding.title)
def test_the_command_prints_what_the_page_shows(taken: Taken, finding: Finding) -> None:
    result = CliRunner().invoke(metric.command, shlex.split(finding.command))
    assert (result.exit_code, result.stdout) == (0, finding.printed)


@pytest.mark.parametrize("finding", [one for one in findings() if one.address], ids=lambda finding: finding.title)
def test_the_console_shows_the_figures(taken: Taken, owner: Client, finding: Finding) -> None:
    answer = owner.get(finding.address)
    assert answer.status_code == 200
    shown = _text(answer.content.decode())
    missing = [figure for figure in finding.figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?!\d)", shown)]
    assert missing == []
