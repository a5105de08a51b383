"""What letters hear, and what the clock starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhanggui.base.jobs.actions import Job
from zhanggui.shop.letters import actions, rules
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

BATCH: Final = 200


def note(facts: Sequence[Envelope]) -> None:
    """Have a letter written about each of these facts, as far as it is news."""
    actions.note(facts=facts)


reader = Reader(name="shop.letters.note", take=note, names=frozenset(rules.HEARS), batch=BATCH)
jobs: tuple[Job, ...] = (actions.write, actions.write_left_behind, actions.forget)
