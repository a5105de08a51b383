"""What codes mean in words: periods, cuts, facts, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.accounts.rules import Role
from zhanggui.base.look import formats
from zhanggui.base.operation.rules import ActorKind
from zhanggui.doors.console import fact_words, shelf_words
from zhanggui.insight.metrics.rules import Comparison, Cut, Lack, Owner, Period, Preset
from zhanggui.insight.sources.rules import State

PRESETS: Final = {
    Preset.TODAY: lazy("Today"),
    Preset.YESTERDAY: lazy("Yesterday"),
    Preset.DAYS_7: lazy("Last 7 days"),
    Preset.DAYS_30: lazy("Last 30 days"),
    Preset.DAYS_90: lazy("Last 90 days"),
    Preset.MONTHS_12: lazy("Last 12 months"),
    Preset.THIS_MONTH: lazy("This month"),
    Preset.LAST_MONTH: lazy("Last month"),
    Preset.THIS_YEAR: lazy("This year"),
    Preset.ALL: lazy("All time"),
}

COMPARISONS: Final = {
    Comparison.PREVIOUS: lazy("the period before"),
    Comparison.YEAR: lazy("a year before"),
    Comparison.NONE: lazy("nothing"),
}

CUTS: Final = {
    Cut.HOUR: lazy("Hour"),
    Cut.DAY: lazy("Day"),
    Cut.WEEK: lazy("Week"),
    Cut.MONTH: lazy("Month"),
    Cut.QUARTER: lazy("Quarter"),
    Cut.YEAR: lazy("Year"),
    Cut.REGION: lazy("Region"),
    Cut.CATEGORY: lazy("Category"),
    Cut.SKU: lazy("Product"),
    Cut.CHANNEL: lazy("Channel"),
    Cut.CAMPAIGN: lazy("Campaign"),
    Cut.DEVICE: lazy("Device"),
    Cut.NEWNESS: lazy("New or returning"),
    Cut.SEGMENT: lazy("Segment"),
}

LACKS: Final = {
    Lack.ORDERS_WITHOUT_GOODS: lazy("It counts whole orders, and an order may hold several products."),
    Lack.VISITS_WITHOUT_GOODS: lazy("It counts visits, and a visit is not to one product."),
    Lack.PARCELS_WITHOUT_GOODS: lazy("It counts parcels, and a parcel may hold several products."),
    Lack.STOCK_WITHOUT_BUYERS: lazy("It counts what lies in stock, which belongs to no buyer yet."),
    Lack.FEW_FACTS: lazy("What it counts is told without that."),
    Lack.PEOPLE_WITHOUT_GOODS: lazy("It counts people, whatever they look at or buy."),
    Lack.SPEND_WITHOUT_PEOPLE: lazy("What advertising cost is told by day, channel and campaign only."),
}

OWNERS: Final = {
    Owner.TRADE: lazy("Trade"),
    Owner.TRAFFIC: lazy("Traffic"),
    Owner.MEMBERS: lazy("Buyers and members"),
    Owner.GOODS: lazy("Goods"),
    Owner.FULFILMENT: lazy("Delivery and returns"),
    Owner.CARE: lazy("Care"),
    Owner.FINANCE: lazy("Finance"),
    Owner.SYSTEM: lazy("System"),
    Owner.RISK: lazy("Risk"),
}

NEWNESS: Final = {"new": pgettext_lazy("buyers", "New"), "returning": pgettext_lazy("buyers", "Returning")}

CHANNELS: Final = {
    "direct": lazy("Direct"),
    "organic_search": lazy("Search, unpaid"),
    "organic_social": lazy("Social, unpaid"),
    "paid_search": lazy("Search ads"),
    "paid_social": lazy("Social ads"),
    "display": lazy("Display ads"),
    "email": lazy("E-mail"),
    "sms": lazy("Text message"),
    "push": lazy("Push"),
    "affiliate": lazy("Affiliates"),
    "referral": lazy("Other sites"),
}

DEVICES: Final = {
    "phone": pgettext_lazy("device", "Phone"),
    "tablet": lazy("Tablet"),
    "desktop": lazy("Desktop"),
    "bot": lazy("Bot"),
}

ROLES: Final = {
    Role.OWNER: lazy("Owner"),
    Role.MANAGER: lazy("Manager"),
    Role.ANALYST: lazy("Analyst"),
    Role.CLERK: lazy("Clerk"),
}

IMPORT_STATES: Final = {
    State.RUNNING: lazy("Running"),
    State.STOPPED: lazy("Stopped"),
    State.DONE: lazy("Done"),
}

ACTORS: Final = {
    ActorKind.CUSTOMER: lazy("Shopper"),
    ActorKind.OPERATOR: lazy("Operator"),
    ActorKind.JOB: lazy("Job"),
    ActorKind.PARTNER: lazy("Partner"),
}


def cuts(some: Iterable[Cut]) -> str:
    """Cuts by name: Channel, Device."""
    return _(", ").join(str(CUTS[cut]) for cut in some)


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def span(period: Period) -> str:
    """The days of a period: one day, or the first and the last."""
    first, last = (formats.day(day, language=language()) for day in (period.start, period.last))
    return first if period.days == 1 else f"{first} – {last}"


def month(day: date) -> str:
    """The month of a day: 2026年11月, Nov 2026."""
    is_chinese = language().startswith("zh")
    written: str = format_date(day, "y年M月" if is_chinese else "MMM y", locale="zh_Hans_CN" if is_chinese else "en_US")
    return written


def preset_or_span(preset: Preset | None, period: Period) -> str:
    """The name of a period if it has one, else its days."""
    return str(PRESETS[preset]) if preset else span(period)


def cell(cut: Cut, value: str) -> str:
    """What a value of a cut is called; a product's name is not known here."""
    if not value:
        return _("Not known")
    if cut is Cut.CATEGORY:
        return shelf_words.category(value, language=language())
    known: Mapping[str, Promise] = {Cut.CHANNEL: CHANNELS, Cut.DEVICE: DEVICES, Cut.NEWNESS: NEWNESS}.get(cut, {})
    return str(known.get(value, value))


def event(name: str) -> str:
    """What a fact or sighting is called; one without words keeps its name."""
    return str(fact_words.EVENTS.get(name, name))


def field(name: str) -> str:
    """What a field of a body is called; one without words keeps its name."""
    return str(fact_words.FIELDS.get(name, name.replace("_", " ")))


def truth(value: bool) -> str:
    """Whether something is so: yes or no."""
    return _("yes") if value else _("no")


def actor(said: str) -> str:
    """Who did something: the kind of doer and the end of the number, enough to tell two apart and to name nobody."""
    kind, _colon, number = said.partition(":")
    if not kind:
        return _("Not known")
    who = str(ACTORS[ActorKind(kind)]) if kind in tuple(ActorKind) else kind
    if kind in (ActorKind.JOB, ActorKind.PARTNER):
        return f"{who} {number}"
    return f"{who} {tail(number)}" if number else who


def people(count: int) -> str:
    """So many people."""
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": formats.number(count, language=language())}


def tail(number: str) -> str:
    """The end of a long number."""
    return number if len(number) <= 8 else f"…{number[-6:]}"


def gap(passed: timedelta) -> str:
    """How much later something came: 340 milliseconds, 12 seconds, 5 minutes, 3 hours, 2 days later."""
    seconds = passed.total_seconds()
    if seconds < 0:
        return _("earlier by another clock")
    if seconds < 1:
        n = round(1000 * seconds)
        return ngettext("%(n)s millisecond later", "%(n)s milliseconds later", n) % {"n": n}
    if seconds < 60:
        n = round(seconds)
        return ngettext("%(n)s second later", "%(n)s seconds later", n) % {"n": n}
    if seconds < 3600:
        n = round(seconds / 60)
        return ngettext("%(n)s minute later", "%(n)s minutes later", n) % {"n": n}
    if seconds < 86_400:
        n = round(seconds / 3600)
        return ngettext("%(n)s hour later", "%(n)s hours later", n) % {"n": n}
    n = passed.days
    return ngettext("%(n)s day later", "%(n)s days later", n) % {"n": n}
