"""The second version of a page: as the form of a play says it, as links show it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.doors.console import words
from zhanggui.doors.console.fields import Unfit
from zhanggui.growth.experiments import queries as experiments
from zhanggui.growth.experiments.rules import (
    ALWAYS_THERE,
    LEAST_SRM_P,
    ORIGINAL,
    USUAL_PARTS,
    Arm,
    Outcome,
    Part,
    PromisesAt,
    Saving,
    Version,
)
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.steer.plays.rules import Action, Play, State
from zhanggui.steer.signals.rules import Move

PARTS: Final[Mapping[Part, Promise]] = {
    Part.SCENES: lazy("Scenes: trouble, solution, proof"),
    Part.SOLUTION: lazy("Description"),
    Part.PROOF: lazy("Proof of quality"),
    Part.SPECIFICATIONS: lazy("Specifications"),
    Part.REVIEWS: lazy("Reviews"),
    Part.QUESTIONS: lazy("Questions and answers"),
}
PROMISES: Final[Mapping[PromisesAt, Promise]] = {
    PromisesAt.ABOVE_PRICE: lazy("above the price"),
    PromisesAt.ABOVE_BUTTONS: lazy("above the buttons"),
    PromisesAt.BELOW_BUTTONS: lazy("below the buttons"),
}
SAVINGS: Final[Mapping[Saving, Promise]] = {
    Saving.UNSAID: lazy("not said"),
    Saving.MONEY: lazy("as an amount"),
    Saving.PERCENT: lazy("in per cent"),
}
_NO, _YES = "0", "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of the page in the form.

    chosen  its place, 1 for the first; empty for one that is left out
    """

    field: str
    name: str
    chosen: str
    may_be_left_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a trial as it is read."""

    name: str
    people: int
    buyers: int
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a trial of a page stands.

    says       sentences, the most important first
    is_uneven  whether the sides are too uneven to be believed
    is_harmed  whether more goes back
    is_left    whether more leave at once
    """

    sides: tuple[Side, ...]
    says: tuple[str, ...]
    is_uneven: bool
    is_harmed: bool
    is_left: bool


def said_by(action: Action) -> dict[str, str]:
    """A version as a form that was filled with it; nothing of what has none."""
    version = action.version
    if version is None:
        return {}
    places = {part: str(place) for place, part in enumerate(version.parts, 1)}
    return {f"part_{part}": places.get(part, "") for part in Part} | {
        "category": action.category,
        "promises": str(version.promises),
        "headline_zh": version.headline_zh,
        "headline_en": version.headline_en,
        "was": _YES if version.has_was else _NO,
        "saving": str(version.saving),
        "each": _YES if version.has_unit_price else _NO,
    }


def action_of(form: Mapping[str, str], base: Action) -> Action:
    """What a form makes of a version; what it does not ask stays as it was.

    refuses  Unfit with the field that cannot be read
    """
    if base.move is not Move.PAGE:
        return base
    was = said_by(replace(base, version=base.version or ORIGINAL))
    said = {name: form.get(name, usual).strip() for name, usual in was.items()}
    places = {part: said[f"part_{part}"] for part in Part}
    if any(place and place not in map(str, range(1, len(PARTS) + 1)) for place in places.values()):
        raise Unfit("page", "choice")
    if said["promises"] not in set(PromisesAt) or said["saving"] not in set(Saving):
        raise Unfit("page", "choice")
    shown = sorted((part for part in USUAL_PARTS if places[part]), key=lambda part: int(places[part]))
    version = Version(
        parts=tuple(shown),
        promises=PromisesAt(said["promises"]),
        headline_zh=said["headline_zh"],
        headline_en=said["headline_en"],
        has_was=said["was"] == _YES,
        saving=Saving(said["saving"]),
        has_unit_price=said["each"] == _YES,
    )
    return replace(base, category=said["category"][:80], version=version)


def choices(shop: str, form: Mapping[str, str]) -> dict[str, object]:
    """What the form offers of a page."""
    categories = catalogue.categories(shop)
    return {
        "places": [
            Place(
                field=f"part_{part}",
                name=str(name),
                chosen=form.get(f"part_{part}", ""),
                may_be_left_out=part not in ALWAYS_THERE,
            )
            for part, name in PARTS.items()
        ],
        "numbers": [str(place) for place in range(1, len(PARTS) + 1)],
        "promises": PROMISES.items(),
        "savings": SAVINGS.items(),
        "categories": [(one.key, one.name.to(words.language())) for one in categories],
    }


def previews(shop: str, action: Action) -> dict[str, str]:
    """Addresses of one page that is meant, as it is and in its second version; none where the shop shows no pages."""
    if action.version is None or shop != settings.OWN_SHOP or not (sku := _an_example(shop, action)):
        return {}
    path = reverse("storefront:product", args=[sku])
    sides = {"first": ORIGINAL, "second": action.version}
    return {side: f"{path}?{urlencode({'preview': experiments.preview_of(one)})}" for side, one in sides.items()}


def differences(action: Action) -> list[str]:
    """On which pages what is another in a version, a sentence each; nothing of what has none."""
    version = action.version
    said: list[str] = []
    if version is None:
        return said
    if action.category:
        said.append(_("On the pages of the category %(category)s and all below it.") % {"category": action.category})
    elif not action.sku:
        said.append(_("On the pages of all products of the shop."))
    if version.parts != USUAL_PARTS:
        said.append(_("Below: %(parts)s.") % {"parts": " → ".join(str(PARTS[part]) for part in version.parts)})
    if gone := [str(PARTS[part]) for part in USUAL_PARTS if part not in version.parts]:
        said.append(_("Left out: %(parts)s.") % {"parts": _(", ").join(gone)})
    if version.promises is not ORIGINAL.promises:
        said.append(_("Stock, delivery and returns: %(where)s.") % {"where": PROMISES[version.promises]})
    if headline := version.headline(words.language()):
        said.append(_("Above the price: “%(words)s”") % {"words": headline})
    if not version.has_was:
        said.append(_("The price of before is not shown."))
    if version.saving is not Saving.UNSAID:
        said.append(_("What is saved: %(how)s.") % {"how": SAVINGS[version.saving]})
    if version.has_unit_price:
        said.append(_("With the price of 100 g or 100 ml, where the article says how much there is."))
    return said


def reading(play: Play, *, at: datetime) -> Reading | None:
    """How the trial of a play's page stands; None of a play without one. Asks the lake."""
    if play.trial_id is None or not play.plan.treats_visitors:
        return None
    outcome = experiments.outcome(play.trial_id, at=at, is_final=play.state is State.MEASURED)
    buyers = outcome.buying.buyers if outcome.buying else {}
    names = {Arm.TREATED: _("saw the second version"), Arm.HELD_OUT: _("saw the page as it is")}
    sides = tuple(
        Side(
            name=name,
            people=outcome.people[arm],
            buyers=buyers.get(arm, 0),
            rate=Decimal(buyers.get(arm, 0)) / max(outcome.people[arm], 1),
        )
        for arm, name in names.items()
    )
    is_uneven = outcome.srm_p < LEAST_SRM_P
    is_harmed = outcome.buying is not None and outcome.buying.is_harmed
    is_left = outcome.buying is not None and outcome.buying.is_left
    says = tuple(_says(outcome))
    return Reading(sides=sides, says=says, is_uneven=is_uneven, is_harmed=is_harmed, is_left=is_left)


def shown_to(play: Play) -> str:
    """Who sees a play's second version: treated, all or nobody; empty of a play that has none or never began."""
    page = experiments.page_of_trial(play.trial_id) if play.trial_id and play.plan.treats_visitors else None
    return str(page.shown_to) if page else ""


def _says(outcome: Outcome) -> list[str]:
    buying = outcome.buying
    if buying is None:
        return [_("Fewer than eight people on a side: nothing is said yet.")]
    said = []
    if buying.belief is None:
        said.append(_("Nobody who saw the page as it is has bought yet."))
    else:
        said.append(
            _("The chance that the second version makes more people buy is %(chance)s.")
            % {"chance": _rate(buying.belief.chance_to_win)}
        )
    if buying.conversion is not None:
        lift = buying.conversion
        ends = {"lift": _signed(lift.value), "low": _signed(lift.low), "high": _signed(lift.high)}
        said.append(_("Buyers among visitors: %(lift)s against the page as it is (95 %%: %(low)s to %(high)s).") % ends)
    elif outcome.orders is not None:
        each = outcome.orders.per_person.times(100)
        ends = {end: _number(getattr(each, end)) for end in ("value", "low", "high")}
        said.append(
            _("A hundred visitors place %(value)s orders more (%(low)s to %(high)s, however often one looks).") % ends
        )
    if buying.refunds is not None:
        ends = {end: _points(getattr(buying.refunds, end)) for end in ("value", "low", "high")}
        said.append(_("Of what was paid %(value)s points more went back (%(low)s to %(high)s).") % ends)
    if buying.bounces is not None:
        ends = {end: _points(getattr(buying.bounces, end)) for end in ("value", "low", "high")}
        said.append(_("Of the visits %(value)s points more ended with the first page (%(low)s to %(high)s).") % ends)
    return said


def _an_example(shop: str, action: Action) -> str:
    if action.sku:
        return action.sku
    wanted = catalogue.Wanted(category=action.category, is_listed=True)
    handles = catalogue.handles_of(shop, wanted, limit=1)
    return catalogue.product_of(shop, handles[0]).card.sku if handles else ""


def _rate(share: float) -> str:
    return formats.percent(share, language=words.language(), decimals=0)


def _signed(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−")


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "−") if abs(value) < float("inf") else "∞"


def _points(share: float) -> str:
    return _number(100 * share)
