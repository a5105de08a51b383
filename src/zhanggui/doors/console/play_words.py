"""Plays in words: what they are, how they stand, what their hold-out shows, and what they brought."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.outbox.errors import NoSender, NoTemplate
from zhanggui.doors.console import words
from zhanggui.doors.console.fields import Unfit
from zhanggui.growth.experiments.errors import PageTaken, PageUnfit
from zhanggui.growth.messages.errors import CouponUnfit, StepDiffers, StepStopped, WordingUnfit
from zhanggui.growth.promotions.errors import TermsNotAllowed
from zhanggui.insight.segments.errors import NoSuchSegment, TermsUnfit
from zhanggui.steer.budgets.errors import BudgetSpent
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays import errors
from zhanggui.steer.plays.rules import (
    Basis,
    Done,
    Ending,
    Entry,
    Expected,
    Guard,
    HoldOut,
    Incremental,
    Proof,
    Purpose,
    State,
    StepKind,
)
from zhanggui.steer.signals.rules import Move

MOVES: Final[Mapping[Move, Promise]] = {
    Move.COUPON: lazy("Coupon"),
    Move.MESSAGE: lazy("Message"),
    Move.PROMOTION: lazy("Promotion for all"),
    Move.PAGE: lazy("Another page"),
    Move.PRICE: lazy("Another price"),
    Move.DELIST: lazy("Taking off the shelf"),
    Move.RESTOCK: lazy("Restocking"),
    Move.CHECK: lazy("Having a look"),
}
STATES: Final[Mapping[State, Promise]] = {
    State.DRAFT: pgettext_lazy("play", "Draft"),
    State.WAITING: lazy("Waits for approval"),
    State.APPROVED: pgettext_lazy("play", "Approved"),
    State.RUNNING: pgettext_lazy("play", "Running"),
    State.STOPPED: pgettext_lazy("play", "Stopped"),
    State.ENDED: lazy("Ended, orders still count"),
    State.MEASURED: pgettext_lazy("play", "Measured"),
}
ENDINGS: Final[Mapping[Ending, Promise]] = {
    Ending.DROPPED: lazy("dropped before it started"),
    Ending.BY_HAND: lazy("stopped by hand"),
    Ending.LOSS: lazy("lost more than was to be borne"),
    Ending.REFUSALS: lazy("too many people withdrew their consent"),
    Ending.COST_CAP: lazy("its cost cap was reached"),
    Ending.BUDGET: lazy("its budget area is used up"),
    Ending.RETURNS: lazy("of what was bought by the second version more came back"),
    Ending.BOUNCES: lazy("more visitors left the second version at once"),
    Ending.UNEVEN: lazy("its two groups were too uneven to be drawn by lot"),
    Ending.ITS_DAY: lazy("ended on its day"),
}
DEEDS: Final[Mapping[Done, Promise]] = {
    Done.PROPOSED: lazy("planned it"),
    Done.CHANGED: lazy("changed it"),
    Done.SUBMITTED: lazy("asked for approval"),
    Done.APPROVED: lazy("approved it"),
    Done.SENT_BACK: lazy("sent it back"),
    Done.STARTED: lazy("started it"),
    Done.STOPPED: lazy("stopped it"),
    Done.ENDED: lazy("ended it"),
    Done.MEASURED: lazy("measured it"),
    Done.KEPT: lazy("showed the second version to everybody"),
    Done.LET_GO: lazy("let go of the second version"),
}
STEPS: Final[Mapping[StepKind, Promise]] = {
    StepKind.MESSAGES: lazy("Messages to the treated"),
    StepKind.COUPONS: lazy("Coupons for the treated"),
    StepKind.PROMOTION: lazy("A promotion for everybody"),
    StepKind.PRICE: lazy("Another price for everybody"),
    StepKind.DELISTED: lazy("Taken off the shelf"),
    StepKind.PAGE: lazy("A second version of the page"),
}
AREAS: Final[Mapping[Area, Promise]] = {
    Area.TRAFFIC: pgettext_lazy("budget", "Traffic"),
    Area.CONTENT: pgettext_lazy("budget", "Content"),
    Area.MEMBERS: pgettext_lazy("budget", "Members"),
    Area.SUPPLY: pgettext_lazy("budget", "Supply"),
}
PROOFS: Final[Mapping[Proof, Promise]] = {
    Proof.HELD_OUT: lazy("People held out"),
    Proof.SEASON: lazy("Weaker evidence: the season"),
}
_GUARDS: Final[Mapping[str, Promise]] = {
    Guard.NO_SUCH_STEP: lazy("Somebody moved it meanwhile: it is “%(state)s” now. Nothing was changed."),
    Guard.ABOVE_LIMIT: lazy("It is above what one person may start. Ask for approval."),
    Guard.SECOND_PERSON: lazy("Whoever planned it cannot approve it. Somebody else with the right has to."),
    Guard.OVER: lazy("Its last day is over. Change its days, then start it."),
    Guard.NOBODY: lazy("Nobody fits its audience now, or all are held out by another play. Choose other people."),
    Guard.TOO_DEAR: lazy("Its messages alone would cost more than its cap. Raise the cap, or hold more people out."),
    Guard.TOO_SOON: lazy("It is too soon: orders of its days still count."),
    Guard.NEVER_STARTED: lazy("It never started, so there is nothing to measure."),
    Guard.STILL_RUNNING: lazy("It is still running. Stop it first, or wait for its last day."),
}
_FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("A play needs a name of at most 80 characters."),
    "hypothesis": lazy("Say what is believed and why, in at most 1,000 characters."),
    "metric": lazy("Choose the number that it is to move."),
    "audience": lazy("Choose whom it is for: a segment, or the people of the signal."),
    "occasion": lazy("Say a whole number of hours or days between the ends that stand beside it."),
    "discount": lazy("The discount takes something off, and at most nine tenths of the price."),
    "sku": lazy("Name an article that this shop sells."),
    "wording": lazy("Say what people are told, in Chinese and English."),
    "task": lazy("Say what somebody has to do."),
    "page": lazy("Say whose pages it is about: one article, a category, or all of the shop."),
    "hold_out": lazy("Hold out at least one in 10,000 people and at most nine in ten."),
    "cost_cap": lazy("The cost cap is an amount above nothing."),
    "fixed_cost": lazy("The fixed cost is an amount below the cost cap."),
    "owner": lazy("Choose who answers for it."),
    "area": lazy("Choose the area of the budget that bears it."),
    "starts_on": lazy("Say on which day it starts."),
    "last_on": lazy("Say which day is its last."),
    "ends_on": lazy("It lasts at least a day and at most 180."),
    "season_days": lazy(
        "Where everybody is treated, it and the days after last 56 days at most: more cannot be judged."
    ),
    "after_days": lazy("Orders may count for 0 to 60 days after its end."),
    "most_loss": lazy("The loss that is borne is an amount above nothing, or empty."),
    "most_refused": lazy("The share of refusals is a number of hundredths above nothing, or empty."),
    "signal": lazy("That signal is another shop's."),
}
_PAGE_FIELDS: Final[Mapping[str, Promise]] = {
    "same": lazy("The second version is like the first. Change something, or there is nothing to compare."),
    "parts": lazy("Each part stands once, and specifications and reviews are never left out: buyers have to see them."),
    "headline": lazy("Say the headline in Chinese and English, in at most 120 characters each, or in neither."),
    "sku": lazy("Name an article that this shop sells."),
    "category": lazy("Choose a category of this shop."),
}


def state_sign(state: State) -> str:
    """The class of a state's tag."""
    return {
        State.RUNNING: "is-good",
        State.WAITING: "is-watch",
        State.STOPPED: "is-bad",
        State.MEASURED: "is-good",
    }.get(state, "")


def hold_out_words(hold_out: HoldOut) -> str:
    """What a hold-out can show, in a sentence."""
    language = words.language()
    rate = formats.percent(Decimal(hold_out.bp) / 10_000, language=language, decimals=_decimals(hold_out.bp))
    said = {"rate": rate, "people": formats.number(hold_out.people, language=language)}
    if hold_out.purpose is Purpose.SHOWS:
        return (
            _("%(rate)s of %(people)s people are held out: enough to show what is expected four times in five.") % said
        )
    if hold_out.purpose is Purpose.HALF:
        return (
            _(
                "Among %(people)s people no hold-out would show what is expected four times in five; %(rate)s held out "
                "shows the most that can be shown."
            )
            % said
        )
    return _("%(people)s people are too few to show more than a doubling: this is for learning only.") % said


def least_words(hold_out: HoldOut, currency: str) -> str:
    """The least difference that would be told from chance, in a sentence; empty of nobody."""
    if hold_out.least is None:
        return ""
    language = words.language()
    said = {
        "least": formats.money(Money(round(hold_out.least), currency), language=language),
        "usual": formats.money(Money(round(hold_out.baseline), currency), language=language),
    }
    return (
        _("A difference of %(least)s a person or more would be told from chance; they bring %(usual)s in as many days.")
        % said
    )


def expected_words(expected: Expected | None) -> str:
    """What is expected and where from, in a sentence."""
    if expected is None:
        return _("Nothing is known that would say what to expect: no play like it was measured, and no signal says.")
    said = {"money": _money(expected.value), "low": _money(expected.low), "high": _money(expected.high)}
    if expected.basis is Basis.LEDGER:
        said |= {"plays": formats.number(expected.plays, language=words.language())}
        many = ngettext(
            "Expected on top: %(money)s (%(low)s to %(high)s), from %(plays)s measured play like it.",
            "Expected on top: %(money)s (%(low)s to %(high)s), from %(plays)s measured plays like it.",
            expected.plays,
        )
        return many % said
    if expected.basis is Basis.SIGNAL:
        return (
            _("Expected on top: %(money)s (%(low)s to %(high)s), from the signal; no play like it was measured.") % said
        )
    return _("Expected on top: %(money)s, as whoever planned it believes.") % said


def effect_words(entry: Entry) -> str:
    """What a play brought, in one sentence."""
    language = words.language()
    gmv = entry.gmv
    said = {
        "money": _money(gmv.value),
        "low": _money(gmv.low),
        "high": _money(gmv.high),
        "cost": _money(entry.cost.total),
        "treated": formats.number(entry.treated, language=language),
        "held_out": formats.number(entry.held_out, language=language),
        "days": formats.number(entry.units, language=language),
    }
    if entry.proof is Proof.SEASON:
        return (
            _(
                "Weaker evidence: in %(days)s days %(money)s more came than the season lets expect (95 %%: %(low)s to "
                "%(high)s), cost %(cost)s; everybody was treated."
            )
            % said
        )
    if gmv.low.minor > 0:
        return (
            _(
                "Brought %(money)s that would not have come otherwise (95 %%: %(low)s to %(high)s), cost %(cost)s, "
                "%(treated)s people treated, %(held_out)s held out."
            )
            % said
        )
    if gmv.high.minor < 0:
        return (
            _(
                "Lost %(money)s that would have come otherwise (95 %%: %(low)s to %(high)s), cost %(cost)s, "
                "%(treated)s people treated, %(held_out)s held out."
            )
            % said
        )
    return (
        _(
            "Not told from chance: between %(low)s and %(high)s came on top (95 %%), cost %(cost)s, %(treated)s people "
            "treated, %(held_out)s held out."
        )
        % said
    )


def interval(effect: Incremental | None) -> str:
    """Between what and what it lies; empty if nothing is known."""
    if effect is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": _money(effect.low), "high": _money(effect.high)}


def refusal(refused: Refused | Unfit) -> str:
    """Why something was not done, and what to do.

    refuses  what it has no words for, by raising it again
    """
    match refused:
        case Unfit() | errors.PlanUnfit():
            return str(_FIELDS.get(refused.field, _("A field cannot be read. Nothing was changed.")))
        case PageUnfit():
            return str(_PAGE_FIELDS[refused.field])
        case PageTaken():
            return _("Another second version of these very pages is being tried out. Stop that play first.")
        case errors.MoveNotAllowed():
            return str(_GUARDS[refused.guard]) % {"state": STATES[State(refused.state)]}
        case errors.ChangedMeanwhile():
            return _("Somebody else changed it since you opened it. Here it is as it stands; yours was not kept.")
        case WordingUnfit(reason="gap"):
            return _(
                "The words have a gap that nothing fills. {name}, {link} and {shop} are filled; of a coupon {coupon}."
            )
        case WordingUnfit():
            return _("The words are missing in one language, too long, or lead to a page that is none of the shop's.")
        case BudgetSpent():
            return _("Its budget area has less left than the cost cap. Lower the cap, or move money to the area.")
        case NoSender():
            return _("Nobody carries messages on that channel yet. Choose the other one.")
        case NoTemplate():
            return _(
                "The words are not approved by the carrier of text messages yet. Growth → Messages → Text messages "
                "shows what to hand in."
            )
        case StepDiffers() | StepStopped() | CouponUnfit() | TermsNotAllowed():
            return _("What it sends or gives cannot be as it is planned. Look at its words, discount and days.")
        case NoSuchSegment() | TermsUnfit():
            return _("Its people can no longer be found. Choose a segment.")
        case _:
            raise refused


def _decimals(bp: int) -> int:
    return 0 if bp % 100 == 0 else 2


def _money(amount: Money) -> str:
    return formats.money(amount, language=words.language())
