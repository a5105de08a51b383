"""The frame around every page: the places to go, as far as they are open to who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page that can be gone to.

    route      its name among the addresses
    also       routes of pages that belong to it
    rights     one of these is needed; anybody may if there are none
    is_scoped  whether shop, period and comparison go along
    """

    name: Promise
    route: str
    also: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()
    is_scoped: bool = True

    def is_open_to(self, operator: Operator) -> bool:
        """Whether the operator may see it."""
        return not self.rights or any(operator.may(right) for right in self.rights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A group of pages."""

    name: Promise
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as it stands on a page."""

    name: Promise
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """A place as it stands on a page, with its open entries."""

    name: Promise
    icon: str
    links: tuple[Link, ...]

    @property
    def is_here(self) -> bool:
        """Whether the page lies in this place."""
        return any(link.is_here for link in self.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of a page."""

    corners: tuple[Corner, ...]

    @property
    def here(self) -> Corner | None:
        """The place in which the page lies."""
        return next((corner for corner in self.corners if corner.is_here), None)


PLACES: Final = (
    Place(
        name=lazy("Today"),
        icon="today",
        entries=(
            Entry(name=lazy("Cockpit"), route="cockpit", rights=(Right.SEE_NUMBERS,)),
            Entry(
                name=lazy("Boards"),
                route="boards",
                also=("board", "board_add", "board_mail"),
                rights=(Right.SEE_NUMBERS,),
            ),
            Entry(
                name=lazy("To do today"),
                route="hands",
                rights=(Right.RUN_SHOP, Right.SEE_NUMBERS, Right.SEE_SYSTEM),
            ),
        ),
    ),
    Place(
        name=lazy("Goals"),
        icon="goal",
        entries=(
            Entry(
                name=lazy("Goals"),
                route="goals",
                also=("goal", "goal_new", "goal_teams", "goal_change", "goal_split"),
                rights=(Right.SEE_NUMBERS,),
            ),
            Entry(name=lazy("Budget"), route="budgets", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Signals"), route="signals", also=("signal",), rights=(Right.SEE_NUMBERS,)),
            Entry(
                name=lazy("Plays"),
                route="plays",
                also=("play", "play_new", "play_edit"),
                rights=(Right.SEE_NUMBERS,),
            ),
            Entry(name=lazy("Effects"), route="effects", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Briefings"), route="briefings", also=("briefing",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Risks"), route="risks", rights=(Right.SEE_NUMBERS,)),
        ),
    ),
    Place(
        name=lazy("Insight"),
        icon="chart",
        entries=(
            Entry(name=lazy("Numbers"), route="numbers", also=("number",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Explorer"), route="explorer", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Why"), route="why", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Out of the ordinary"), route="deviations", also=("normal",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Funnel"), route="funnel", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Retention"), route="retention", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Paths"), route="paths", also=("blocks",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Devices"), route="devices", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Attribution"), route="attribution", also=("spend",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Promotion returns"), route="campaigns", also=("campaign",), rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Goods and baskets"), route="goods", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Search words"), route="searching", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Buyers' worth"), route="value", rights=(Right.SEE_NUMBERS,)),
            Entry(
                name=pgettext_lazy("people", "Segments"),
                route="segments",
                also=("segment", "segment_new"),
                rights=(Right.SEE_NUMBERS,),
            ),
            Entry(name=lazy("Tracking"), route="tracking", rights=(Right.SEE_NUMBERS,)),
            Entry(name=lazy("Imports"), route="imports", also=("sent",), rights=(Right.IMPORT,)),
        ),
    ),
    Place(
        name=lazy("Shop"),
        icon="shop",
        entries=(
            Entry(
                name=lazy("Orders"),
                route="orders",
                also=("order", "fact", "orders_bulk", "order_do", "order_invoice", "order_price"),
                rights=(Right.SEE_NUMBERS, Right.RUN_SHOP),
            ),
            Entry(
                name=lazy("To ship"),
                route="parcels",
                also=("parcel", "parcels_bulk", "parcels_scan", "parcels_paper", "parcels_promises"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(
                name=lazy("Returns"),
                route="returns",
                also=("return", "return_slip", "give_back"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(
                name=lazy("Payments"),
                route="payments",
                also=("payment", "odd_money", "refunds", "bills", "gift_cards", "wallet"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(
                name=lazy("Products"),
                route="products",
                also=("product", "products_bulk", "product_import", "product_intake", "product_new"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(name=lazy("Categories"), route="categories", rights=(Right.RUN_SHOP,)),
            Entry(
                name=lazy("Reviews"),
                route="reviews",
                also=("review_questions", "review_numbers"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(
                name=lazy("Customers"),
                route="customers",
                also=("customer", "unmask"),
                rights=(Right.RUN_SHOP, Right.SEE_PEOPLE),
            ),
            Entry(name=lazy("Delivery, tax, rates"), route="terms", rights=(Right.SET_TERMS,)),
        ),
    ),
    Place(
        name=lazy("Growth"),
        icon="growth",
        entries=(
            Entry(
                name=lazy("Promotions"),
                route="promotions",
                also=("promotion", "promotion_kinds", "promotion_new", "promotion_edit", "promotion_floors"),
                rights=(Right.SET_TERMS,),
            ),
            Entry(name=lazy("Flash sales"), route="flash", also=("flash_new", "flash_sale"), rights=(Right.RUN_SHOP,)),
            Entry(name=lazy("Presales"), route="presales", also=("presale", "presale_new"), rights=(Right.RUN_SHOP,)),
            Entry(
                name=lazy("Coupons"),
                route="coupons",
                also=("coupon_batch", "coupon_find"),
                rights=(Right.RUN_SHOP,),
            ),
            Entry(
                name=pgettext_lazy("to people", "Messages"),
                route="messages",
                also=("message_step",),
                rights=(Right.SEE_NUMBERS, Right.RUN_SHOP),
            ),
            Entry(name=lazy("Letters about orders"), route="order_letters", rights=(Right.SET_TERMS,)),
            Entry(name=lazy("Group buying"), route="teams", also=("team_offer",), rights=(Right.RUN_SHOP,)),
            Entry(name=lazy("Referrals"), route="referrals", rights=(Right.RUN_SHOP,)),
            Entry(name=lazy("Tiers and points"), route="membership", rights=(Right.SET_TERMS,)),
            Entry(name=lazy("Points shop"), route="rewards", rights=(Right.RUN_SHOP,)),
            Entry(name=lazy("Recycling"), route="recycling", also=("item_picture",), rights=(Right.RUN_SHOP,)),
        ),
    ),
    Place(
        name=lazy("Supply"),
        icon="stock",
        entries=(
            Entry(name=lazy("Stock"), route="stock", also=("stock_item", "stock_audit"), rights=(Right.RUN_SHOP,)),
            Entry(name=lazy("Warehouses"), route="warehouses", also=("warehouse",), rights=(Right.RUN_SHOP,)),
        ),
    ),
    Place(
        name=lazy("System"),
        icon="gear",
        entries=(
            Entry(name=lazy("Shops"), route="shops"),
            Entry(name=pgettext_lazy("page", "State"), route="system", rights=(Right.SEE_SYSTEM,)),
            Entry(name=lazy("Self-check"), route="selfcheck", rights=(Right.SEE_NUMBERS,)),
            Entry(name=pgettext_lazy("audit", "Books"), route="books", rights=(Right.SEE_NUMBERS, Right.SEE_SYSTEM)),
            Entry(name=lazy("Outbox"), route="outbox", rights=(Right.SEE_SYSTEM,), is_scoped=False),
            Entry(name=lazy("API keys"), route="api_keys", also=("revoke_key",), rights=(Right.MANAGE_OPERATORS,)),
            Entry(name=lazy("Webhooks"), route="webhooks", also=("change_webhook",), rights=(Right.MANAGE_OPERATORS,)),
        ),
    ),
)


def shell_of(operator: Operator, *, route: str, scope: Scope | None) -> Shell:
    """The frame for an operator on the page of that route."""
    query = f"?{scope.query()}" if scope else ""
    corners = (
        Corner(
            name=place.name,
            icon=place.icon,
            links=tuple(
                Link(
                    name=entry.name,
                    address=reverse(f"console:{entry.route}") + (query if entry.is_scoped else ""),
                    is_here=route in (entry.route, *entry.also),
                )
                for entry in place.entries
                if entry.is_open_to(operator)
            ),
        )
        for place in PLACES
    )
    return Shell(corners=tuple(corner for corner in corners if corner.links))
