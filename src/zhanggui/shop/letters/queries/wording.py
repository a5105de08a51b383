"""A letter as words: the text of a mail, a text message, and the look that somebody gives it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhanggui.base.shops import queries as shops
from zhanggui.shop.letters import ports
from zhanggui.shop.letters.rules import Part, Said, Shown


def words_of(shown: Shown) -> str:
    """A letter as plain text, in the language that is active."""
    return "\n".join(_lines(shown))


def text_of(shown: Shown) -> str:
    """A letter as a text message: what happened, and where to read on."""
    said = {"shop": shops.shop(shown.shop).name, "words": shown.lead[0], "page": shown.page}
    return _("[%(shop)s] %(words)s %(page)s") % said


def look_of(shown: Shown) -> str:
    """A letter as HTML, in the language that is active; empty where nobody gives letters a look."""
    return ports.looks[0](shown) if ports.looks else ""


def _lines(shown: Shown) -> Iterator[str]:
    yield from shown.lead
    for part in shown.parts:
        yield ""
        yield from _part(part)
    if shown.said:
        yield ""
        yield from (_said(one) for one in shown.said)
    yield ""
    yield _("%(label)s: %(words)s") % {"label": shown.act, "words": shown.page}
    yield ""
    yield "--"
    yield shops.shop(shown.shop).name
    yield _("This letter is about your order %(number)s; it is no advertising.") % {"number": shown.order_number}


def _part(part: Part) -> Iterator[str]:
    if part.to:
        yield part.to
    if part.when:
        yield part.when
    for row in part.rows:
        goods = f"{row.title} {row.variant}".strip()
        yield f"- {goods} × {row.pieces}{'  ' if row.amount else ''}{row.amount}"


def _said(one: Said) -> str:
    words = _("%(label)s: %(words)s") % {"label": one.label, "words": one.words}
    return f"{words} {one.link}" if one.link else words
