"""Why a briefing was not written, worded, decided on or published, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.steer.briefings import errors
from zhanggui.steer.budgets.errors import BudgetOverlaps
from zhanggui.steer.goals.errors import NothingToBalance

_WORDS: Final[Mapping[type[Refused], Promise]] = {
    errors.NothingKnown: lazy("Nothing happened in the shop in these days. Nothing was written."),
    errors.PeriodUnfit: lazy("These are no whole days, weeks, months or years. Nothing was written."),
    errors.AlreadyPublished: lazy("It is published and stays as it is. Write it anew for another edition."),
    errors.WrittenMeanwhile: lazy("The draft was written anew meanwhile. Nothing was published; look at it again."),
    errors.NoSuchFinding: lazy("The draft was written anew and has no such sentence any more."),
    errors.NoSuchDecision: lazy("The draft was written anew and proposes this no longer."),
    errors.AlreadyCarriedOut: lazy("It is carried out already; change it where it stands now."),
    errors.TargetUnfit: lazy("A target is a number above zero. Nothing was decided."),
    NothingToBalance: lazy(
        "The targets of the quarters do not come to the year's. Change one of them, or accept the year as proposed."
    ),
    BudgetOverlaps: lazy("Another budget stands for these days already. Drop this proposal, or move that one first."),
}


def refusal(refused: Refused) -> str:
    """What happened, and that nothing was changed."""
    if isinstance(refused, errors.WordsUnfit):
        return _("At most %(most)s characters. Nothing was kept.") % {"most": refused.most}
    known = next((said for kind, said in _WORDS.items() if isinstance(refused, kind)), None)
    return str(known) if known else _("It was refused, and nothing was changed: %(reason)s") % {"reason": refused}
