"""Tiers, points, paid memberships, rewards and what is taken back, as forms of the console say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.membership.rules.points import Scheme
from zhanggui.growth.membership.rules.recycling import Grade, Recyclable
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.growth.membership.rules.terms import Plan
from zhanggui.growth.membership.rules.tiers import MOST_TIERS, Benefits, Tier
from zhanggui.shop.catalogue.rules import Words

_KEY: Final = re.compile(r"[a-z0-9_-]{1,20}")
_FIGURE: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
MOST_KINDS: Final = 12

Form = Mapping[str, str]


def scheme_of(form: Form) -> Scheme:
    """How points work; the form says the share in hundredths.

    refuses  Unfit
    """
    return Scheme(
        earn_rate=_figure(form, "earn_rate"),
        worth=_whole(form, "worth"),
        cap_rate=_figure(form, "cap_rate") / 100,
        step=_whole(form, "step"),
        lasts_days=_whole(form, "lasts_days"),
    )


def tiers_of(form: Form) -> tuple[Tier, ...]:
    """The tiers, a row of fields each, those without a key left out.

    refuses  Unfit
    """
    return tuple(_tier(form, f"t{row}-") for row in range(MOST_TIERS) if form.get(f"t{row}-key", "").strip())


def plan_of(form: Form) -> Plan:
    """A paid membership.

    refuses  Unfit
    """
    return Plan(
        sku=form.get("sku", "").strip()[:60],
        tier=form.get("tier", ""),
        days=_whole(form, "days"),
        is_sold=form.get("is_sold") == "1",
    )


def kinds_of(form: Form) -> tuple[Recyclable, ...]:
    """The kinds of things that are taken back, a row of fields each, those without a key left out.

    refuses  Unfit
    """
    return tuple(_kind(form, f"k{row}-") for row in range(MOST_KINDS) if form.get(f"k{row}-key", "").strip())


def reward_of(form: Form, *, id: UUID, zone: str) -> Reward:
    """A reward.

    refuses  Unfit
    """
    if form.get("kind") not in tuple(Kind):
        raise Unfit("kind")
    return Reward(
        id=id,
        kind=Kind(form["kind"]),
        title=_words(form, "title", longest=80),
        words=_words(form, "words", longest=500),
        sku=form.get("sku", "").strip()[:60],
        points=_whole(form, "points"),
        quota=_whole(form, "quota") if form.get("quota", "").strip() else None,
        most_each=_whole(form, "most_each") if form.get("most_each", "").strip() else None,
        at=_moment(form.get("at", "").strip(), zone),
        is_offered=form.get("is_offered") == "1",
    )


def signed_whole(said: str) -> int:
    """A whole number that may be below zero; 0 for what is none."""
    plain = said.strip().replace(",", "")
    return int(plain) if re.fullmatch(r"[+-]?[0-9]{1,9}", plain) else 0


def _tier(form: Form, at: str) -> Tier:
    key = form[f"{at}key"].strip()
    if not _KEY.fullmatch(key):
        raise Unfit("key")
    return Tier(
        key=key,
        name=_words(form, f"{at}name", longest=40),
        growth_from=_whole(form, f"{at}growth_from"),
        benefits=Benefits(
            multiplier=_figure(form, f"{at}multiplier"),
            birthday_points=_whole(form, f"{at}birthday_points"),
            member_price=form.get(f"{at}member_price") == "1",
            free_shipping=form.get(f"{at}free_shipping") == "1",
            own_service=form.get(f"{at}own_service") == "1",
            events=form.get(f"{at}events") == "1",
            note=_words(form, f"{at}note", longest=200),
        ),
    )


def _kind(form: Form, at: str) -> Recyclable:
    key = form[f"{at}key"].strip()
    if not _KEY.fullmatch(key):
        raise Unfit("key")
    return Recyclable(
        key=key,
        name=_words(form, f"{at}name", longest=80),
        points={grade: _whole(form, f"{at}points_{grade.lower()}") for grade in Grade},
    )


def _words(form: Form, name: str, *, longest: int) -> Words:
    zh, en = (form.get(f"{name}_{language}", "").strip()[:longest] for language in ("zh", "en"))
    return Words(zh=zh, en=en)


def _whole(form: Form, name: str) -> int:
    plain = form.get(name, "").strip().replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise Unfit(_field(name))
    return int(plain)


def _figure(form: Form, name: str) -> Decimal:
    plain = form.get(name, "").strip()
    if not _FIGURE.fullmatch(plain):
        raise Unfit(_field(name))
    return Decimal(plain)


def _moment(said: str, zone: str) -> datetime | None:
    if not said:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=clock.zone(zone))
    except ValueError as unreadable:
        raise Unfit("at") from unreadable


def _field(name: str) -> str:
    """What a field of a row is called without its row and its grade: t0-growth_from is growth_from."""
    plain = name.partition("-")[2] or name
    return "points" if plain.startswith("points_") else plain
