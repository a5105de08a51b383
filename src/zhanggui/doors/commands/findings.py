"""What a check found, as it travels and as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.health import Check, Outcome, State, bad
from zhanggui.doors.commands.words import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check and its outcome."""

    name: str
    state: State
    said: str
    mend: str


def find(check: Check) -> Finding:
    """Look, and take a refusal for what it is: something bad, in words."""
    try:
        outcome = check.look()
    except (Refused, Unreachable) as refused:
        said, _newline, mend = sentence(refused).partition("\n")
        outcome = bad(said, mend=mend)
    return finding(check.name, outcome)


def finding(name: str, outcome: Outcome) -> Finding:
    """An outcome with its name."""
    return Finding(name=name, state=outcome.state, said=outcome.said, mend=outcome.mend)
