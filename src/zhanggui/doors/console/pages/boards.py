"""Boards: which there are, one of them with its tiles, and changing it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import board_words, boarding, words
from zhanggui.doors.console.exporting import download_all
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.insight.boards import actions, queries, rules
from zhanggui.insight.boards.errors import NoSuchBoard, TileUnfit
from zhanggui.insight.boards.rules import LONGEST_NAME, Asked, Board, Kind
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import METRICS, Metric, Owner

# What a new board begins with if somebody wants one that is ready.
_USUAL: Final = (
    rules.asked(Kind.NUMBER, [("m", "gmv_paid")]),
    rules.asked(Kind.NUMBER, [("m", "orders_paid")]),
    rules.asked(Kind.NUMBER, [("m", "uv")]),
    rules.asked(Kind.NUMBER, [("m", "cvr_paid_visitor")]),
    rules.asked(Kind.LINE, [("m", "gmv_paid")]),
    rules.asked(Kind.BARS, [("m", "gmv_paid"), ("by", "region")]),
    rules.asked(Kind.FUNNEL, []),
    rules.asked(Kind.RETENTION, []),
)


@require_safe
@page(Right.SEE_NUMBERS)
def boards(request: ConsoleRequest) -> HttpResponse:
    """The boards of the shop that the operator may see."""
    me, shop = request.operator.pk, request.scope.shop.code
    found = queries.boards(shop, operator=me)
    start = queries.start(me, shop=shop)
    return show(
        request,
        "console/boards/list.html",
        boards=found,
        me=me,
        start=start.id if start else "",
        name=rules.free_name(_("Board"), [one.name for one in found if one.owner == me]),
        longest=LONGEST_NAME,
    )


@require_POST
@page(Right.SEE_NUMBERS)
def new(request: ConsoleRequest) -> HttpResponse:
    """Begin a board, empty or with the usual tiles."""
    tiles = _USUAL if request.POST.get("with") == "usual" else ()
    try:
        id = actions.make(shop=request.scope.shop.code, name=request.POST.get("name", ""), tiles=tiles, by=by(request))
    except Refused as refused:
        messages.warning(request, board_words.refusal(refused))
        return HttpResponseRedirect(f"{reverse('console:boards')}?{request.scope.query()}")
    return _to(request, id, **({} if tiles else {"edit": "1"}))


@require_safe
@page(Right.SEE_NUMBERS)
def board(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One board in this scope, or its tiles to be put in order.

    A page that is open asks again with the version it shows in X-Known, and gets 204 until that is outdated.
    """
    found, scope = _found(request, id), request.scope
    version = f"{found.edition}.{lake.version(scope.shop.code)}"
    if request.headers.get("X-Known") == version:
        return HttpResponse(status=204)
    start = queries.start(request.operator.pk, shop=scope.shop.code)
    tiles = queries.tiles(found.id)
    is_edited = request.GET.get("edit") == "1"
    said: dict[str, Any] = {
        "board": found,
        "version": version,
        "is_mine": found.owner == request.operator.pk,
        "longest": LONGEST_NAME,
    }
    if is_edited:
        return show(
            request,
            "console/boards/edit.html",
            tiles=[(tile, boarding.title_of(tile.asked), board_words.KINDS[tile.asked.kind]) for tile in tiles],
            groups=_groups(),
            cuts=[(cut, words.CUTS[cut]) for cut in board_words.BAR_CUTS],
            is_steward=request.operator.may(Right.MANAGE_OPERATORS),
            most=rules.MOST_TILES,
            **said,
        )
    return show(
        request,
        "console/boards/one.html",
        tiles=boarding.shown(tiles, scope) if scope.days else (),
        is_empty=not tiles,
        is_start=start is not None and start.id == found.id,
        may_export=request.operator.may(Right.EXPORT),
        **said,
    )


@require_safe
@page(Right.EXPORT)
def board_file(request: ConsoleRequest, id: UUID, form: str) -> HttpResponse:
    """All tiles of the page as a file, a sheet each."""
    found, scope = _found(request, id), request.scope
    shown = boarding.shown(queries.tiles(found.id), scope) if scope.days else ()
    tables = [one.file for one in shown if one.file]
    name = f"board-{scope.shop.code}-{scope.period.start}-{scope.period.last}"
    return download_all(tables, name=name, form=form)


@require_POST
@page(Right.SEE_NUMBERS)
def change(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Describe a board, copy it, let go of it, begin the day with it."""
    found, said, me = _found(request, id), request.POST, by(request)
    try:
        match verb:
            case "describe":
                actions.describe(
                    id=found.id,
                    name=said.get("name", ""),
                    is_shared=said.get("shared") == "1",
                    seen=int(said.get("seen", "")) if said.get("seen", "").isdecimal() else 0,
                    by=me,
                )
                messages.success(request, _("Kept."))
                return _to(request, found.id, edit="1")
            case "duplicate":
                mine = [one.name for one in queries.boards(found.shop, operator=int(me.id)) if one.owner == int(me.id)]
                copy = actions.duplicate(id=found.id, name=rules.free_name(found.name, mine), by=me)
                messages.success(request, _("This is your own copy."))
                return _to(request, copy, edit="1")
            case "forget" if said.get("sure") == "1":
                is_steward = request.operator.may(Right.MANAGE_OPERATORS)
                actions.forget(id=found.id, is_steward=is_steward, by=me)
                messages.success(request, _("“%(name)s” is gone.") % {"name": found.name})
                return HttpResponseRedirect(f"{reverse('console:boards')}?{request.scope.query()}")
            case "forget":
                messages.warning(request, _("Tick the box first: a board that was let go cannot be brought back."))
                return _to(request, found.id, edit="1")
            case "start" | "no-start":
                actions.start_with(id=found.id, is_wanted=verb == "start", by=me)
                is_start = verb == "start"
                messages.success(request, _("You begin here from now on.") if is_start else _("No longer."))
            case _:
                raise Http404(verb)
    except Refused as refused:
        messages.warning(request, board_words.refusal(refused))
        return _to(request, found.id, edit="1")
    return _to(request, found.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SEE_NUMBERS)
def add(request: ConsoleRequest) -> HttpResponse:
    """Put what another page shows on a board: which, and under which title; posted, it is put there."""
    asked = _asked(request)
    mine = queries.boards(request.scope.shop.code, operator=request.operator.pk)
    if request.method == "POST":
        try:
            to = request.POST.get("board", "") or actions.make(
                shop=request.scope.shop.code, name=request.POST.get("name", ""), by=by(request)
            )
            tile = actions.add(board_id=to, asked=asked, by=by(request))
        except NoSuchBoard as missing:
            raise Http404(str(missing)) from missing
        except Refused as refused:
            messages.warning(request, board_words.refusal(refused))
        else:
            messages.success(request, _("It stands on the board."))
            return _to(request, to, f"tile-{tile}")
    return show(
        request,
        "console/boards/add.html",
        boards=mine,
        asked=asked,
        title=boarding.title_of(asked),
        kind=board_words.KINDS[asked.kind],
        filters=list(boarding.filter_words(asked.where)),
        name=rules.free_name(_("Board"), [one.name for one in mine if one.owner == request.operator.pk]),
        longest=LONGEST_NAME,
    )


@require_POST
@page(Right.SEE_NUMBERS)
def tile(request: ConsoleRequest, id: UUID, tile_id: UUID, verb: str) -> HttpResponse:
    """Move a tile, call it, or take it off."""
    found, one, me = _found(request, id), str(tile_id), by(request)
    try:
        match verb:
            case "up" | "down":
                actions.move(board_id=found.id, tile_id=one, is_up=verb == "up", by=me)
            case "call":
                actions.call(board_id=found.id, tile_id=one, title=request.POST.get("title", ""), by=me)
            case "remove":
                actions.remove(board_id=found.id, tile_id=one, by=me)
                messages.success(request, _("The tile is off the board."))
            case _:
                raise Http404(verb)
    except Refused as refused:
        messages.warning(request, board_words.refusal(refused))
    return _to(request, found.id, f"tile-{one}", edit="1")


@require_POST
@page(Right.SEE_NUMBERS)
def put(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Put a tile on a board from the form beside it: a number in one of its ways, a usual funnel or table."""
    found, way = _found(request, id), request.POST.get("as", "")
    kind, _dot, cut = way.partition(".")
    pairs = [("m", request.POST.get("m", "")), ("by", cut)] if kind in ("number", "line", "bars") else []
    try:
        asked = rules.asked(kind, pairs, where=request.scope.where)
        new_tile = actions.add(board_id=found.id, asked=asked, by=by(request))
    except Refused as refused:
        messages.warning(request, board_words.refusal(refused))
        return _to(request, found.id, edit="1")
    return _to(request, found.id, f"tile-{new_tile}", edit="1")


def _asked(request: ConsoleRequest) -> Asked:
    """The tile that an address asks for, with the filters of its scope."""
    query = request.GET
    pairs = [(name, value) for name, values in query.lists() for value in values]
    try:
        return rules.asked(query.get("kind", ""), pairs, where=request.scope.where, title=request.POST.get("title", ""))
    except TileUnfit as unfit:
        raise Http404(str(unfit)) from unfit


def _groups() -> list[tuple[str, list[Metric]]]:
    """The metrics to choose from, by who answers for them."""
    return [
        (str(words.OWNERS[owner]), some)
        for owner in Owner
        if (some := [one for one in METRICS.values() if one.owner is owner])
    ]


def _found(request: ConsoleRequest, id: UUID) -> Board:
    try:
        found = queries.board(str(id), operator=request.operator.pk)
    except NoSuchBoard as missing:
        raise Http404(str(id)) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(str(id))
    return found


def _to(request: ConsoleRequest, id: str, anchor: str = "", **more: str) -> HttpResponse:
    query = urlencode([*request.scope.pairs(), *more.items()])
    tail = f"#{anchor}" if anchor else ""
    return HttpResponseRedirect(f"{reverse('console:board', args=[id])}?{query}{tail}")
