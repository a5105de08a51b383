"""Who pays the balance of a presale, and on which day, if nobody reminds them.

Presales stand in a shop's own books and not in the lake, so they are no plant of a plan: whoever rehearses them lets
the shop's own actions book what is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Of those who pay most do so at once: each day half of those who are left.
_AT_ONCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Presold:
    """What becomes of the balances of people who paid a deposit.

    balance_minor  what each still owes
    pays_on        for each of them the day of the window, from 0, on which they pay by themselves; None if never
    """

    balance_minor: int
    pays_on: tuple[int | None, ...]

    def paid_by(self, day: int) -> tuple[int, ...]:
        """Who has paid when a day of the window is over."""
        return tuple(who for who, on in enumerate(self.pays_on) if on is not None and on <= day)

    @property
    def lost_minor(self) -> int:
        """What never comes in if nobody does anything: the true size of the trouble."""
        return self.balance_minor * sum(on is None for on in self.pays_on)


def presold(*, people: int, days: int, balance_minor: int, unpaid: float, rng: np.random.Generator) -> Presold:
    """So many people, of whom a share never pays by themselves; with none, all pay while they can.

    days     how long the balance can be paid
    refuses  ValueError if the share is none
    """
    if not 0 <= unpaid <= 1:
        raise ValueError(f"{unpaid} is no share: it lies between 0 and 1")
    never = np.zeros(people, bool)
    never[rng.permutation(people)[: round(unpaid * people)]] = True
    # Nobody who pays does so in the last three days: whoever is open then is the trouble or none is.
    on = np.minimum(rng.geometric(_AT_ONCE, people) - 1, max(0, days - 4))
    return Presold(
        balance_minor=balance_minor,
        pays_on=tuple(None if is_never else int(day) for is_never, day in zip(never, on, strict=True)),
    )
