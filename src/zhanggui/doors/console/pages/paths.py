"""Paths: which way people take, how long they stay, what they come and order with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final, TypeVar

from django.http import Http404, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.doors.console import funnel_words, path_words, walking, words
from zhanggui.doors.console.exporting import Table, as_rate, download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.funnels.rules import OF_STEPS
from zhanggui.insight.metrics.rules import Cut
from zhanggui.insight.paths import queries
from zhanggui.insight.paths.errors import PathUnfit
from zhanggui.insight.paths.rules import (
    MOST_PLACES,
    OF_BLOCKS,
    OF_PAGES,
    OF_VISITS,
    Blocks,
    Deed,
    Devices,
    Nodes,
    Paths,
    Question,
    SetPeople,
    Stays,
    Towards,
    Unit,
)
from zhanggui.insight.segments.rules import Source, terms_of

T = TypeVar("T", Nodes, Unit, Towards, Deed)

_PLACES: Final = (2, 3, 4, 5, 6, MOST_PLACES)


@require_safe
@page(Right.SEE_NUMBERS)
def paths(request: ConsoleRequest) -> HttpResponse:
    """The ways most often taken, place by place and as whole paths, and how long pages are looked at."""
    scope = request.scope
    question = _question(request)
    found = queries.paths(scope.shop.code, question)
    stays = _stays(request, question)
    anchors = queries.nodes(scope.shop.code, (scope.period.start, scope.period.end), of=question.nodes)
    return show(
        request,
        "console/paths/paths.html",
        question=question,
        found=found,
        rows=_ways(question, found),
        columns=_columns(question, found),
        flow=walking.flow(found, scope),
        legs=[*walking.legs(found)],
        stays=_longest(stays),
        bands=[(path_words.band(one), one, _share(one.ordered, one.sessions)) for one in stays.bands],
        anchors=[(name, path_words.node(name, question.nodes)) for name in anchors],
        nodes=path_words.NODES.items(),
        units=path_words.UNITS.items(),
        towards=path_words.TOWARDS.items(),
        lengths=_PLACES,
        unheard=words.cuts(scope.unheard(OF_STEPS)),
        unheard_by_stays=words.cuts(cut for cut in scope.unheard(OF_PAGES) if cut in OF_STEPS),
        query=urlencode(list(_pairs(question))),
        may_export=request.operator.may(Right.EXPORT),
    )


def _ways(question: Question, found: Paths) -> list[tuple[object, ...]]:
    """The ways most often taken: in words, with their share of all ways and who walked them."""
    return [
        (
            path_words.path(one.places, question.nodes),
            one,
            _share(one.count, found.ways),
            walking.walkers(question, one.places),
        )
        for one in found.paths
    ]


def _columns(question: Question, found: Paths) -> list[list[tuple[object, ...]]]:
    """Place by place, what was looked at there."""
    return [
        [
            (
                path_words.node(stop.node, question.nodes),
                stop.count,
                _share(stop.count, found.ways),
                _width(stop.count, found.ways),
            )
            for stop in place
        ]
        for place in found.stops
    ]


def _longest(stays: Stays) -> list[tuple[object, ...]]:
    """The pages that are looked at longest, and how often an order followed."""
    return [
        (
            path_words.node(one.node, Nodes.KINDS),
            one,
            _took(one.median),
            _took(one.mean),
            _share(one.ordered, one.sessions),
        )
        for one in stays.stays[:20]
    ]


@require_safe
@page(Right.EXPORT)
def paths_file(request: ConsoleRequest, what: str, form: str) -> HttpResponse:
    """The paths, or the stays, as a file."""
    scope, question = request.scope, _question(request)
    if what == "paths":
        return download(_paths_table(queries.paths(scope.shop.code, question), request), form=form)
    if what == "stays":
        return download(_stays_table(_stays(request, question), request), form=form)
    raise Http404(what)


@require_safe
@page(Right.SEE_NUMBERS)
def blocks(request: ConsoleRequest) -> HttpResponse:
    """What is looked at on a page, in visits that came to something and in those that did not."""
    found = _blocks(request)
    return show(
        request,
        "console/paths/blocks.html",
        found=found,
        page_name=path_words.node(found.page, Nodes.KINDS),
        deed=path_words.DEEDS[found.deed],
        deeds=path_words.DEEDS.items(),
        pages=[(one, path_words.node(one.page, Nodes.KINDS)) for one in found.pages],
        rows=[
            (
                path_words.block(one.name),
                one,
                _share(one.done.visits, found.done),
                _share(one.undone.visits, found.undone),
                _took(one.done.mean),
                _took(one.undone.mean),
            )
            for one in found.blocks
        ],
        query=urlencode([("page", found.page), ("deed", found.deed)]),
        unheard=words.cuts(request.scope.unheard(OF_BLOCKS)),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def blocks_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The same table as a file."""
    scope, found = request.scope, _blocks(request)
    rows = [
        (
            found.page,
            one.name,
            found.done,
            one.done.visits,
            _seconds(one.done.mean),
            found.undone,
            one.undone.visits,
            _seconds(one.undone.mean),
        )
        for one in found.blocks
    ]
    done, undone = _("did: "), _("did not: ")
    heads = [_("Visits"), _("had it in view"), _("mean, seconds")]
    return download(
        Table(
            name=f"blocks-{scope.shop.code}-{scope.period.start}-{scope.period.last}",
            heads=(_("Page"), _("Block"), *(done + head for head in heads), *(undone + head for head in heads)),
            rows=rows,
        ),
        form=form,
    )


@require_safe
@page(Right.SEE_NUMBERS)
def devices(request: ConsoleRequest) -> HttpResponse:
    """What people come with, what they do on each device, and whether they order with another."""
    scope = request.scope
    found = queries.devices(scope.shop.code, scope.period, where=scope.where_by(OF_VISITS))
    people = sum(one.people for one in found.sets)
    return show(
        request,
        "console/paths/devices.html",
        found=found,
        finding=_finding(found),
        unheard=words.cuts(scope.unheard(OF_VISITS)),
        sets=[
            (
                path_words.devices(one.devices),
                one,
                _share(one.people, people),
                _width(one.people, people),
                _share(one.buyers, one.people),
                _set(request, one.devices),
            )
            for one in found.sets
        ],
        uses=[
            (
                words.cell(Cut.DEVICE, one.device),
                one,
                funnel_words.took(one.mean),
                _share(one.with_adds, one.sessions),
                _share(one.with_orders, one.sessions),
            )
            for one in found.uses
        ],
        crossings=[
            (words.cell(Cut.DEVICE, one.first), words.cell(Cut.DEVICE, one.last), one, _share(one.orders, found.orders))
            for one in found.crossings
        ],
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def devices_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The three tables of the page as one file."""
    scope = request.scope
    found = queries.devices(scope.shop.code, scope.period, where=scope.where_by(OF_VISITS))
    rows = [(_("Came with"), path_words.devices(one.devices), one.people, one.buyers, None) for one in found.sets]
    rows += [
        (_("Sessions on"), words.cell(Cut.DEVICE, one.device), one.sessions, one.with_orders, None)
        for one in found.uses
    ]
    crossed = [
        (
            _("Came first with, ordered with"),
            f"{words.cell(Cut.DEVICE, one.first)} → {words.cell(Cut.DEVICE, one.last)}",
            one.people,
            one.orders,
            one.paid,
        )
        for one in found.crossings
    ]
    heads = (_("Table"), _("Device"), _("People or sessions"), _("Buyers or orders"), scope.shop.currency)
    name = f"devices-{scope.shop.code}-{scope.period.start}-{scope.period.last}"
    return download(Table(name=name, heads=heads, rows=[*rows, *crossed]), form=form)


def _question(request: ConsoleRequest) -> Question:
    asked, scope = request.GET, request.scope
    said = asked.get("places", "")
    try:
        return Question(
            start=scope.period.start,
            end=scope.period.end,
            nodes=_chosen(Nodes, asked.get("nodes", ""), Nodes.KINDS),
            unit=_chosen(Unit, asked.get("unit", ""), Unit.SESSIONS),
            towards=_chosen(Towards, asked.get("towards", ""), Towards.FROM),
            anchor=asked.get("anchor", "")[:300],
            places=int(said) if said.isdecimal() and len(said) < 3 else 4,
            where=scope.where_by(OF_STEPS),
        )
    except PathUnfit as unfit:
        raise Http404("no such path") from unfit


def _stays(request: ConsoleRequest, question: Question) -> Stays:
    scope = request.scope
    by_kind = question.nodes is not Nodes.PAGES
    return queries.stays(scope.shop.code, scope.period, by_kind=by_kind, where=scope.where_by(OF_PAGES))


def _blocks(request: ConsoleRequest) -> Blocks:
    scope, asked = request.scope, request.GET
    return queries.blocks(
        scope.shop.code,
        scope.period,
        page=asked.get("page", "")[:300],
        deed=_chosen(Deed, asked.get("deed", ""), Deed.ADDED),
        where=scope.where_by(OF_BLOCKS),
    )


def _chosen(kinds: type[T], said: str, usual: T) -> T:
    return kinds(said) if said in tuple(kinds) else usual


def _pairs(question: Question) -> Iterator[tuple[str, str]]:
    yield "nodes", question.nodes
    yield "unit", question.unit
    yield "towards", question.towards
    yield "anchor", question.anchor
    yield "places", str(question.places)


def _set(request: ConsoleRequest, devices: tuple[str, ...]) -> Source:
    scope = request.scope
    where = scope.where_by(OF_VISITS)
    wanted = SetPeople(start=scope.period.start, end=scope.period.end, devices=devices, where=where)
    return Source(kind=queries.SET_KIND, terms=terms_of(wanted))


def _paths_table(found: Paths, request: ConsoleRequest) -> Table:
    scope = request.scope
    rows = [
        (
            path_words.path(one.places, found.question.nodes),
            one.count,
            one.people,
            as_rate(_share(one.count, found.ways)),
        )
        for one in found.paths
    ]
    heads = (_("Path"), _("Times taken"), _("People"), _("Share"))
    return Table(name=f"paths-{scope.shop.code}-{scope.period.start}-{scope.period.last}", heads=heads, rows=rows)


def _stays_table(found: Stays, request: ConsoleRequest) -> Table:
    scope = request.scope
    rows = [
        (
            one.node,
            one.views,
            one.views - one.known,
            None if one.median is None else round(one.median.total_seconds()),
            None if one.mean is None else round(one.mean.total_seconds()),
            one.sessions,
            one.ordered,
        )
        for one in found.stays
    ]
    heads = (_("Page"), _("Views"), _("Last of a session"), _("Median, seconds"), _("Mean, seconds"), _("Sessions"))
    return Table(
        name=f"stays-{scope.shop.code}-{scope.period.start}-{scope.period.last}",
        heads=(*heads, _("with an order")),
        rows=rows,
    )


def _finding(found: Devices) -> str:
    share = _share(found.crossed, found.orders)
    if share is None:
        return _("Nobody who was seen before has paid an order in this period.")
    rate = formats.percent(share, language=words.language())
    return _("%(rate)s of orders are placed with another device than their buyer came with first.") % {"rate": rate}


def _took(long: timedelta | None) -> str:
    return "—" if long is None else funnel_words.took(long)


def _seconds(long: timedelta | None) -> Decimal | None:
    return None if long is None else Decimal(long // timedelta(milliseconds=100)) / 10


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.000001")) if whole else None


def _width(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
