"""What stands beside an effect in words: where the cost in its margin comes from, and what is believed of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.doors.console import words
from zhanggui.growth.experiments.rules import Costing
from zhanggui.steer.plays.rules import Entry

_COSTINGS: Final[Mapping[Costing, Promise]] = {
    Costing.GOODS: lazy("what all goods cost on average that came into the house"),
    Costing.OWN: lazy("the share that the goods of the others cost"),
    Costing.SAID: lazy("the margin that the shop says it has"),
}


def cost_words(entry: Entry) -> str:
    """Where the cost of goods in a margin comes from, in a sentence; empty where no margin is known."""
    if entry.margin is None or entry.costing is None:
        return ""
    language, known = words.language(), entry.costed_bp or 0
    rate = formats.percent(Decimal(known) / 10_000, language=language, decimals=0)
    if known == 10_000:
        return _("Of all orders it is known what their goods cost when they were sold.")
    rest = str(_COSTINGS[entry.costing])
    if not known:
        return _("Of no order it is known what its goods cost when they were sold; so %(rest)s.") % {"rest": rest}
    said = {"rate": rate, "rest": rest}
    return _("Of %(rate)s of the orders it is known what their goods cost when they were sold; else %(rest)s.") % said


def chance_words(entry: Entry) -> str:
    """How likely the treated buy oftener, in a sentence; empty where nothing is said of it."""
    if entry.chance is None:
        return ""
    rate = formats.percent(Decimal(str(entry.chance)), language=words.language(), decimals=0)
    return _("The chance that who got it buys oftener is %(rate)s.") % {"rate": rate}
