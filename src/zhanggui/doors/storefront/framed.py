"""Pages of one shopper in a frame that is kept: what stands around `{% block main %}` is made once, see `documents`.

The frame is rendered without a request, as a document is; only the block `main` is made for whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any, Final

from django.http import HttpResponse
from django.template.base import NodeList, Template
from django.template.context import Context, RequestContext, make_context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode
from django.urls import get_script_prefix
from django.utils.safestring import mark_safe

from zhanggui.base import clock
from zhanggui.doors.storefront import documents, holes
from zhanggui.doors.storefront.frame import frame, reading_of
from zhanggui.doors.storefront.visit import ShopRequest

_MAIN: Final = "main"


def page(
    request: ShopRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    looks_at: Sequence[str] = (),
    tells: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """A page as `render` makes it, around whose main part nothing is made anew.

    looks_at  names in the context that make the frame another one; few values each
    tells     names in the context whose words stand in the frame as they are, such as the number of an order
    """
    compiled = _compiled(template)
    main = _main_of(compiled, make_context(dict(context), request, autoescape=compiled.engine.autoescape))
    around = {name: context.get(name) for name in looks_at}
    around |= {name: mark_safe(documents.mark(name)) if context.get(name) else "" for name in tells}  # noqa: S308
    kept = _frame(request, template, compiled, around)
    if "pieces" in context:
        holes.count(request, context["pieces"])

    def fill(name: str) -> bytes:
        if name == _MAIN:
            return main.encode()
        return (escape(str(context[name])) if name in tells else holes.fill(request, name)).encode()

    return HttpResponse(kept.told(fill), status=status)


def _compiled(template: str) -> Template:
    compiled: Template = get_template(template).template  # type: ignore[attr-defined]
    return compiled


def _main_of(compiled: Template, context: Context) -> str:
    """The page's own main block, made for whoever asks."""
    if not isinstance(context, RequestContext):
        raise TypeError("the main part of a page is made for a request")
    with context.bind_template(compiled), context.render_context.push_state(compiled):
        return _block(compiled).nodelist.render(context)


@lru_cache(maxsize=32)
def _block(compiled: Template) -> BlockNode:
    """Where the page says what its main part is; looked for once."""
    return next(node for node in compiled.nodelist.get_nodes_by_type(BlockNode) if node.name == _MAIN)


def _frame(request: ShopRequest, template: str, compiled: Template, around: Mapping[str, Any]) -> documents.Document:
    at, reading = clock.now(), reading_of(request)
    key = ("frame", template, get_script_prefix(), reading, *around.values())
    kept = documents.standing.get(key, at=at)
    if kept is None:
        parts, names = documents.cut(_around(compiled, Context({**frame(reading), **around})))
        kept = documents.Document(parts=parts, holes=names, good_until=at + documents.LISTS_FOR)
        documents.standing.put(key, kept, most_bytes=documents.STANDING_BYTES)
    return kept


def _around(compiled: Template, context: Context) -> str:
    """The whole page without anybody, a hole where its main part stands."""
    blocks = BlockContext()
    hole = Template(documents.mark(_MAIN), engine=compiled.engine)
    blocks.add_blocks({_MAIN: BlockNode(_MAIN, NodeList(hole.nodelist))})
    with context.bind_template(compiled), context.render_context.push_state(compiled):
        context.render_context[BLOCK_CONTEXT_KEY] = blocks
        return compiled.nodelist.render(context)
