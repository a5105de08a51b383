"""Paths and devices in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from zhanggui.doors.console import funnel_words, words
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.insight.paths.rules import Band, Deed, Nodes, SetPeople, Towards, Unit, Walkers

NODES: Final = {
    Nodes.KINDS: lazy("Kinds of pages"),
    Nodes.PAGES: lazy("Single pages"),
    Nodes.EVENTS: lazy("What was done"),
}
UNITS: Final = {Unit.SESSIONS: lazy("Sessions"), Unit.PEOPLE: lazy("People")}
TOWARDS: Final = {Towards.FROM: lazy("from"), Towards.TO: lazy("to")}
# Addresses of our own shop; those of other shops keep their names.
_PAGES: Final = {
    "/": lazy("Home page"),
    "/p/*": lazy("Product pages"),
    "/c/*": lazy("Category pages"),
    "/cart/": lazy("Cart"),
    "/checkout/": lazy("Checkout"),
    "/search/": lazy("Search"),
}
DEEDS: Final = {Deed.ADDED: lazy("put something into the cart"), Deed.ORDERED: lazy("placed an order")}
# Parts of our own pages; others keep their names.
_BLOCKS: Final = {
    "gallery": lazy("Pictures"),
    "offer": lazy("Price and offer"),
    "promises": lazy("Stock, delivery and returns"),
    "solution": lazy("Problem and solution"),
    "proof": lazy("The proof"),
    "specifications": lazy("Specifications"),
    "reviews": lazy("Reviews"),
    "questions": lazy("Questions"),
    "categories": lazy("Categories"),
    "offers": lazy("Entries to offers"),
    "filters": lazy("Filters"),
    "goods": lazy("List of goods"),
}


def block(name: str) -> str:
    """What a part of a page is called."""
    scene = name.removeprefix("scene-")
    if scene != name and scene.isdigit():
        return _("Scene %(n)s") % {"n": scene}
    return str(_BLOCKS.get(name, name))


def node(name: str, of: Nodes) -> str:
    """What a place of a path is called."""
    if of is Nodes.EVENTS:
        return words.event(name)
    return str(_PAGES.get(name, name))


def path(places: Sequence[str], of: Nodes) -> str:
    """A path from place to place."""
    return " → ".join(node(name, of) for name in places)


def devices(names: Sequence[str]) -> str:
    """A set of devices: Phone + Desktop."""
    return " + ".join(words.cell(Cut.DEVICE, name) for name in names)


def band(one: Band) -> str:
    """How long somebody stayed: under 5 s, 5–15 s, 180 s and more."""
    if one.most_s is None:
        return _("%(least)s s and more") % {"least": one.least_s}
    if not one.least_s:
        return _("under %(most)s s") % {"most": one.most_s}
    return _("%(least)s–%(most)s s") % {"least": one.least_s, "most": one.most_s}


def walkers_words(wanted: Walkers) -> str:
    """Who is meant by a path, in a sentence."""
    question = wanted.question
    parts = [
        _took(wanted),
        words.span(Period(question.start, question.end)),
        funnel_words.filters(question.where),
    ]
    return " · ".join(part for part in parts if part)


def _took(wanted: Walkers) -> str:
    said = path(wanted.path, wanted.question.nodes)
    if wanted.place is None:
        return _("Took the way %(path)s") % {"path": said}
    if wanted.question.towards is Towards.FROM:
        return _("Took %(path)s from place %(place)s on") % {"path": said, "place": wanted.place}
    if not wanted.place:
        return _("Ended with %(path)s") % {"path": said}
    before = ngettext(
        "Took %(path)s %(n)s place before the end", "Took %(path)s %(n)s places before the end", -wanted.place
    )
    return before % {"path": said, "n": -wanted.place}


def set_words(wanted: SetPeople) -> str:
    """Who is meant by a set of devices, in a sentence."""
    parts = [
        _("Came with %(devices)s and nothing else") % {"devices": devices(wanted.devices)},
        words.span(Period(wanted.start, wanted.end)),
        funnel_words.filters(wanted.where),
    ]
    return " · ".join(part for part in parts if part)
