"""What the doctor says of the spine."""

from __future__ import annotations

import pytest
from django.utils import translation

from zhanggui.base import clock
from zhanggui.base.health import State
from zhanggui.spine.relay import checks
from zhanggui.spine.relay.models import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def test_a_cursor_within_the_log_is_good() -> None:
    Cursor.objects.create(reader="r", moved_at=clock.now())
    assert checks.cursors.look().state is State.GOOD


def test_a_cursor_ahead_of_the_server_shows_a_restored_dump() -> None:
    Cursor.objects.create(reader="r", xid=2**40)
    outcome = checks.cursors.look()
    assert outcome.state is State.BAD
    assert "restored" in outcome.said
