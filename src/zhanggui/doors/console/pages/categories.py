"""Categories: the tree as shoppers walk it, to be grown, named anew, moved and cut back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import (
    CategoryInUse,
    CategoryKeyNotAllowed,
    CategoryLoop,
    CategoryTooDeep,
    NoSuchCategory,
)
from zhanggui.shop.catalogue.rules import Branch, Category, Words

_LONGEST: Final = 80
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    NoSuchCategory: lazy("That category is gone: somebody took it away meanwhile."),
    CategoryKeyNotAllowed: lazy("That address is taken, or holds more than small letters, digits and dashes."),
    CategoryLoop: lazy("A category cannot stand under itself, nor under what stands below it."),
    CategoryTooDeep: lazy("That would be more than eight levels deep; shoppers do not look that far down."),
    CategoryInUse: lazy("Products or categories still stand in it. Move them elsewhere first."),
}


class _Nameless(Exception):
    """A category without a name, or with one that is too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """A category in the tree, as a page shows it.

    level        0 at the top
    products     in it and below it, those that are not listed included
    is_empty     whether it can be taken away
    homes        under which it can stand: every one but itself and what is below it
    """

    category: Category
    level: int
    products: int
    is_empty: bool
    is_first: bool
    is_last: bool
    homes: tuple[tuple[Category, str], ...]


@page(Right.RUN_SHOP)
@require_safe
def categories(request: ConsoleRequest) -> HttpResponse:
    """The tree, a row each, in the order in which shoppers see it. One statement."""
    tree = queries.whole_tree(request.scope.shop.code)
    order = [category for category, _level in _walked(tree, 0)]
    return show(
        request,
        "console/products/categories.html",
        rows=list(_rows(tree, order)),
        homes=_homes(order),
        opened=request.GET.get("open", "")[:_LONGEST],
    )


@page(Right.RUN_SHOP)
@require_POST
def change(request: ConsoleRequest, verb: str) -> HttpResponse:
    """Change the tree: `new`, `name`, `address`, `under`, `up`, `down` or `drop`."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    key = request.POST.get("key", "")
    try:
        key, said = does(request, key)
        messages.success(request, said)
    except _Nameless:
        messages.warning(request, _("A category needs a name in Chinese, of at most 80 characters."))
    except Refused as refused:
        if type(refused) not in _REFUSALS:
            raise
        messages.warning(request, f"{_REFUSALS[type(refused)]} {_('Nothing was changed.')}")
    address = f"{reverse('console:categories')}?{request.scope.query(open=key)}"
    return HttpResponseRedirect(f"{address}#category-{key}" if key else address)


def _new(request: ConsoleRequest, _key: str) -> tuple[str, str]:
    parent = request.POST.get("parent", "")
    key = actions.open_category(shop=request.scope.shop.code, name=_name(request), parent=parent)
    return key, _("The category stands. Put products into it from their pages, or many at once from the list.")


def _rename(request: ConsoleRequest, key: str) -> tuple[str, str]:
    actions.rename_category(shop=request.scope.shop.code, key=key, name=_name(request))
    return key, _("It is called that from now on; its address stays.")


def _readdress(request: ConsoleRequest, key: str) -> tuple[str, str]:
    to = request.POST.get("to", "").strip().replace("\0", "")
    actions.rekey_category(shop=request.scope.shop.code, key=key, to=to)
    return to, _("It stands at that address from now on; the one before leads to it.")


def _under(request: ConsoleRequest, key: str) -> tuple[str, str]:
    actions.hang_category(shop=request.scope.shop.code, key=key, parent=request.POST.get("parent", ""))
    return key, _("It was moved, with all that stands in it.")


def _up(request: ConsoleRequest, key: str) -> tuple[str, str]:
    actions.shift_category(shop=request.scope.shop.code, key=key, steps=-1)
    return key, _("It was moved up.")


def _down(request: ConsoleRequest, key: str) -> tuple[str, str]:
    actions.shift_category(shop=request.scope.shop.code, key=key, steps=1)
    return key, _("It was moved down.")


def _drop(request: ConsoleRequest, key: str) -> tuple[str, str]:
    actions.drop_category(shop=request.scope.shop.code, key=key)
    return "", _("The category is gone.")


_VERBS: Final[dict[str, Callable[[ConsoleRequest, str], tuple[str, str]]]] = {
    "new": _new,
    "name": _rename,
    "address": _readdress,
    "under": _under,
    "up": _up,
    "down": _down,
    "drop": _drop,
}


def _name(request: ConsoleRequest) -> Words:
    zh, en = (request.POST.get(f"name_{code}", "").strip().replace("\0", "") for code in ("zh", "en"))
    if not zh or max(len(zh), len(en)) > _LONGEST:
        raise _Nameless
    return Words(zh=zh, en=en)


def _walked(tree: Sequence[Branch], level: int) -> Iterator[tuple[Category, int]]:
    for branch in tree:
        yield branch.category, level
        yield from _walked(branch.branches, level + 1)


def _rows(tree: Sequence[Branch], order: Sequence[Category], level: int = 0) -> Iterator[CategoryRow]:
    for place, branch in enumerate(tree, start=1):
        mine = branch.category
        homes = [one for one in order if mine.key not in one.path]
        yield CategoryRow(
            category=mine,
            level=level,
            products=branch.products,
            is_empty=not branch.products and not branch.branches,
            is_first=place == 1,
            is_last=place == len(tree),
            homes=_homes(homes),
        )
        yield from _rows(branch.branches, order, level + 1)


def _homes(categories: Sequence[Category]) -> tuple[tuple[Category, str], ...]:
    """Categories to choose among, each with the dashes that show how far down it stands."""
    return tuple((category, "— " * (len(category.path) - 1)) for category in categories)
