"""A board as a mail: figures, changes and bars made of table cells, readable where no picture is shown."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.outbox.rules import Channel, File, Message
from zhanggui.base.shops import queries as shops
from zhanggui.doors.console import board_words, boarding, figures, mail_links, shelf_words, words
from zhanggui.doors.console.exporting import workbook
from zhanggui.doors.console.scope import Scope
from zhanggui.doors.console.tiling import Shown
from zhanggui.insight.boards.rules import Posting
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, Comparison

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def letter(posting: Posting) -> Message:
    """The mail that a posting becomes, with all its tables as a workbook."""
    shop = shops.shop(posting.board.shop)
    scope = Scope(
        shop=shop,
        preset=None,
        period=posting.period,
        comparison=Comparison.PREVIOUS,
        where=EVERYTHING,
        days=metrics.days(shop.code),
        today=posting.on,
        at=posting.at,
    )
    order = posting.subscription
    with translation.override(order.language), timezone.override(shop.zone), shelf_words.of(shop.code):
        shown = boarding.shown(posting.tiles, scope) if scope.days else ()
        stop = mail_links.stop_address(order.id)
        said = {
            "board": posting.board,
            "shop": shop,
            "scope": scope,
            "period": words.span(scope.period),
            "counted": formats.moment(posting.at, language=order.language, zone=shop.zone),
            "tiles": shown,
            "root": settings.PUBLIC_URL,
            "address": f"{settings.PUBLIC_URL}{reverse('console:board', args=[posting.board.id])}?{scope.query()}",
            "when": board_words.when(order.schedule),
            "stop": stop,
            "language": order.language,
        }
        return Message(
            channel=Channel.EMAIL,
            to=posting.to,
            subject=_("%(board)s, %(period)s") % {"board": posting.board.name, "period": said["period"]},
            words="\n".join(_plain(said, shown)),
            page=render_to_string("console/boards/letter.html", said),
            headers=(("List-Unsubscribe", f"<{stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
            files=_files(shown, scope),
        )


def _plain(said: dict[str, object], shown: tuple[Shown, ...]) -> Iterator[str]:
    """The same for who reads no HTML."""
    yield f"{said['board'].name} · {said['shop'].name}"  # type: ignore[attr-defined]
    yield str(said["period"])
    for one in shown:
        yield ""
        yield " · ".join([one.title, *one.filters])
        if one.why_not:
            yield one.why_not
        elif one.card:
            change = f" {one.card.change.sign} {one.card.change.text}" if one.card.change else ""
            yield f"{figures.full(one.card.figure)}{change}"
        elif one.grid:
            yield from ("  " + "  ".join([line.name, *(cell.said for cell in line.cells)]) for line in one.grid.lines)
    yield ""
    yield str(said["address"])
    yield ""
    yield _("You get this %(when)s. To stop it: %(address)s") % {"when": said["when"], "address": said["stop"]}


def _files(shown: tuple[Shown, ...], scope: Scope) -> tuple[File, ...]:
    tables = [one.file for one in shown if one.file]
    if not tables:
        return ()
    name = f"board-{scope.shop.code}-{scope.period.start}-{scope.period.last}.xlsx"
    return (File(name=name, kind=_XLSX, content=workbook(tables)),)
