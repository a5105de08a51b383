"""`zhanggui rehearse fill`: says what stands, and refuses in words."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from zhanggui.doors.rehearsal.command import command

pytestmark = pytest.mark.django_db

SMALL = ["--shop", "demo", "--days", "20", "--sightings", "3000", "--orders", "100"]


@pytest.fixture(scope="module")
def first(standing_world: None) -> Result:
    """What the command said when it filled the shop."""
    return _run(*SMALL)


def test_it_says_what_stands_and_the_second_time_that_nothing_changed(first: Result) -> None:
    assert first.exit_code == 0, first.output
    assert "208 products" in first.output
    again = _run(*SMALL)
    assert again.exit_code == 0, again.output
    assert "nothing was changed" in again.output


def test_other_numbers_for_a_filled_shop_are_refused_in_words(first: Result) -> None:
    refused = _run(*SMALL[:-1], "101")
    assert refused.exit_code == 1
    assert "Shop demo was filled with other numbers before" in refused.output


def test_too_few_sightings_are_refused_before_anything_is_written() -> None:
    refused = _run("--sightings", "100", "--orders", "100")
    assert refused.exit_code == 2
    assert "100 orders need at least 1400 sightings" in refused.output


def test_what_is_planted_is_said_with_its_true_size_and_what_insight_finds(standing_world: None) -> None:
    planted = ["--shop", "sick", *SMALL[2:], "--plant", "funnel-break", "--device", "desktop", "--ago", "10"]
    first = _run(*planted)
    assert first.exit_code == 0, first.output
    said = first.output.splitlines()
    assert said[1].startswith("Planted: Checkout broken on one device, 10 days. True size: -")
    assert "checkouts that end with an order, against before: true -" in said[2]
    again = _run(*planted)
    assert "nothing was changed" in again.output
    assert again.output.splitlines()[1:] == said[1:]
    assert "filled with other numbers before" in _run("--shop", "sick", *SMALL[2:]).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--plant", "funnel-break", "--device", "toaster"], "toaster is no device"),
        (["--plant", "stock-out", "--sku", "NO-SUCH"], "NO-SUCH is no sku"),
        (["--plant", "churn-wave", "--size", "1.5"], "1.5 is no share"),
        (["--plant", "stock-out", "--ago", "400"], "no day 400 days before its end"),
    ],
)
def test_what_cannot_be_planted_is_refused_before_anything_is_written(arguments: list[str], said: str) -> None:
    refused = _run(*arguments)
    assert refused.exit_code == 2
    assert said in refused.output


def _run(*arguments: str) -> Result:
    with translation.override("en"):
        return CliRunner().invoke(command, ["fill", *arguments])
