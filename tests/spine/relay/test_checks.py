"""What the doctor says of the spine."""

from __future__ import annotations

import pytest
from django.utils import translation

from zhanggui.base import clock
from zhanggui.base.health import State
from zhanggui.spine.relay import checks
from zhanggui.spine.relay.actions import stumble
from zhanggui.spine.relay.models import Cursor
from zhanggui.spine.relay.rules import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def test_readers_that_keep_up_are_good() -> None:
    Cursor.objects.create(reader="r", moved_at=clock.now())
    assert checks.readers.look().state is State.GOOD
    assert checks.cursors.look().state is State.GOOD


def test_a_reader_that_fails_is_bad_and_named() -> None:
    Cursor.objects.create(reader="insight.lake")
    stumble(Reader(name="insight.lake", take=lambda facts: None), ValueError("x"))
    outcome = checks.readers.look()
    assert outcome.state is State.BAD
    assert "insight.lake" in outcome.said
    assert outcome.mend


def test_a_cursor_ahead_of_the_server_shows_a_restored_dump() -> None:
    Cursor.objects.create(reader="r", xid=2**40)
    outcome = checks.cursors.look()
    assert outcome.state is State.BAD
    assert "restored" in outcome.said
