"""What is lifted out of an event into columns, and the row that goes to the lake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

from zhanggui.spine.sightings.rules import values, visits

MOST_LINES: Final = 500
LONGEST_ADDRESS: Final = 2_000
_OF_ORDERS: Final = ("revenue", "value", "subtotal", "total")
_OF_OTHERS: Final = ("value", "revenue")
_SUBJECTS: Final = tuple(
    (f"{noun}_id", noun) for noun in ("cart", "checkout", "promotion", "coupon", "experiment", "list")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTerms:
    """What the rules need to know of the shop an event belongs to.

    zone      IANA name; decides the business day
    currency  amounts in another one are not lifted: they could not be added up
    host      the shop's own host name, so that a step inside the shop is no arrival; empty if unknown
    """

    code: str
    zone: str
    currency: str
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a request came in.

    received_us  by our clock
    nonce        new for every request; gives ids to events that bring none
    user_agent   of the browser that sent it, at most 400 characters; empty if a server did
    """

    shop: ShopTerms
    received_us: int
    nonce: str
    user_agent: str = ""


class Line(NamedTuple):
    """One product of a cart or an order; the amount in the event's currency."""

    sku: str
    category: str
    quantity: int
    amount_minor: int


class Goods(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an event says of products and money."""

    sku: str = ""
    category: str = ""
    order_number: str = ""
    quantity: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    lines: tuple[Line, ...] = ()
    subject: str = ""


class Visit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an event says of where the visitor is and what brought them."""

    session: str
    channel: str
    campaign: str
    device: str
    region: str
    page: str
    cause: bytes | None


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing a visitor did, ready for the lake.

    id       16 bytes of a UUID
    ts_us    when it happened; received_us when we heard of it; microseconds since 1970, UTC
    subject  what or whom it is about, as `noun:id`
    visitor  the other id that it says is the same person; empty if it says none
    body     the event's properties, a JSON object
    """

    id: bytes
    name: str
    ts_us: int
    received_us: int
    person: str
    subject: str
    goods: Goods
    visit: Visit
    body: bytes
    visitor: str = ""


NO_GOODS: Final = Goods()
_NO_PARAMETERS: Final[Mapping[str, str]] = {}


class Page(msgspec.Struct, gc=False):
    """The page a client was on, as it writes it."""

    path: Any = None
    url: Any = None
    referrer: Any = None
    search: Any = None


class Context(msgspec.Struct, gc=False):
    """What is read of a client's context; all else of it, such as the address or the device's id, is never kept."""

    page: Page | None = None
    campaign: Any = None
    origin: Any = None
    location: Any = None
    traits: Any = None
    cause: Any = None
    userAgent: Any = None  # noqa: N815 (the clients' name)
    sessionId: Any = None  # noqa: N815
    session_id: Any = None


NO_CONTEXT: Final = Context()
_NO_PAGE: Final = Page()


def goods_of(name: str, properties: Mapping[str, Any], shop_currency: str) -> Goods:
    """Products and money of an event; the amount only if it is in the shop's currency or in none named.

    amount   of an order revenue, else value, subtotal, total; of all else value, else revenue, else price × quantity
    """
    if not properties:
        return NO_GOODS
    get = properties.get
    own_id = get("id") if name.startswith("Product ") else None
    product = values.text(get("product_id") or get("productId") or own_id, 120)
    order = values.text(get("order_id") or get("orderId") or get("order_number"), 60)
    pieces = values.quantity(get("quantity"))
    currency = _currency(get("currency"), shop_currency)
    is_ours = currency == shop_currency
    amount = _amount(name, properties, pieces, currency) if is_ours else None
    lines = _lines(get("products"), currency) if is_ours and "products" in properties else ()
    return Goods(
        sku=values.text(get("sku"), 120) or product,
        category=values.text(get("category"), 120),
        order_number=order,
        subject=f"product:{product}" if product else f"order:{order}" if order else _other_subject(properties),
        quantity=pieces,
        amount_minor=amount,
        currency=currency if amount is not None or lines or not is_ours else "",
        lines=lines,
    )


def _currency(given: object, shop_currency: str) -> str:
    """The currency an event names; the shop's if it names none; empty if what it names is no currency."""
    if given == shop_currency:
        return shop_currency
    said = values.text(given, 6).upper()
    if not said or said == shop_currency:
        return shop_currency
    return said if len(said) == 3 and said.isascii() and said.isalpha() else ""


def _other_subject(properties: Mapping[str, Any]) -> str:
    for field, noun in _SUBJECTS:
        if field in properties and (id := values.text(properties[field], 120)):
            return f"{noun}:{id}"
    return ""


def _amount(name: str, properties: Mapping[str, Any], pieces: int | None, currency: str) -> int | None:
    for field in _OF_ORDERS if name.startswith("Order ") else _OF_OTHERS:
        if field in properties and (amount := values.minor(properties[field], currency)) is not None:
            return amount
    price = values.minor(properties.get("price"), currency)
    return None if price is None else _within(price * (1 if pieces is None else pieces))


def _lines(products: object, currency: str) -> tuple[Line, ...]:
    if type(products) is not list:
        return ()
    return tuple(_line(product, currency) for product in products[:MOST_LINES] if type(product) is dict)


def _line(product: dict[str, Any], currency: str) -> Line:
    pieces = values.quantity(product.get("quantity"))
    pieces = 1 if pieces is None else pieces
    price = values.minor(product.get("price"), currency) or 0
    sku = values.text(product.get("sku"), 120) or values.text(product.get("product_id") or product.get("id"), 120)
    return Line(
        sku=sku,
        category=values.text(product.get("category"), 120),
        quantity=pieces,
        amount_minor=_within(price * pieces) or 0,
    )


def _within(amount_minor: int) -> int | None:
    return amount_minor if -values.LARGEST_ID < amount_minor < values.LARGEST_ID else None


def visit_of(context: Context, properties: Mapping[str, Any], *, is_page: bool, arrival: Arrival) -> Visit:
    """Where the visitor is, on what, and, on a page that a campaign or another site led to, what brought them.

    Of a page call the properties tell of the page; of any other call only the context does, because there `url` is a
    product's. PostHog's clients write a dollar before their own.
    """
    page = context.page or _NO_PAGE
    path, url, referrer, search = page.path, page.url, page.referrer, page.search
    if is_page:
        get = properties.get
        path, url = path or get("path"), url or get("url")
        referrer, search = referrer or get("referrer"), search or get("search")
    session = context.sessionId or context.session_id
    agent = context.userAgent
    if "$session_id" in properties or "$current_url" in properties:
        get = properties.get
        path, url, referrer = path or get("$pathname"), url or get("$current_url"), referrer or get("$referrer")
        session, agent = session or get("$session_id"), agent or get("$raw_user_agent")
    address = values.text(url, LONGEST_ADDRESS) if url is not None else ""
    if context.origin is not None:
        channel, campaign = _of_session(context.origin)
    else:
        parameters = _campaign_of(context.campaign, properties, address, search)
        is_arrival = bool(parameters) or (is_page and (address != "" or path is not None))
        channel = _channel(parameters, referrer, address, arrival.shop) if is_arrival else ""
        campaign = parameters.get("utm_campaign", "")[:120] if parameters else ""
    return Visit(
        session=values.identity(session),
        channel=channel,
        campaign=campaign,
        device=visits.device_of(agent[:400] if type(agent) is str else arrival.user_agent),
        region=_region(context.location) if context.location is not None else "",
        page=_path(path, address),
        cause=values.uuid_bytes(context.cause),
    )


def _of_session(origin: object) -> tuple[str, str]:
    """What our own pages know of the whole session, so that each of its events carries it."""
    known = values.record(origin)
    channel = values.text(known.get("channel"), 40)
    return channel if channel in visits.CHANNELS else "", values.text(known.get("campaign"), 120)


def _channel(parameters: Mapping[str, str], referrer: object, address: str, shop: ShopTerms) -> str:
    own_host = shop.host or visits.host_of(address)
    return visits.channel_of(parameters, referrer=values.text(referrer, LONGEST_ADDRESS), own_host=own_host)


def _region(location: object) -> str:
    where = values.record(location)
    return values.text(where.get("region") or where.get("country"), 60)


def _path(given: object, address: str) -> str:
    said = values.text(given, 300) or (visits.path_of(address)[:300] if address else "")
    return re.split(r"[?#]", said, maxsplit=1)[0] if "?" in said or "#" in said else said


def _campaign_of(campaign: object, properties: Mapping[str, Any], address: str, search: object) -> Mapping[str, str]:
    """The parameters of the landing page: as the client took them apart, else from the page's address."""
    if campaign is not None:
        named = {f"utm_{'campaign' if key == 'name' else key}": part for key, part in values.record(campaign).items()}
        return {key: cut for key, part in named.items() if (cut := values.text(part, 200))}
    if "?" in address:
        return visits.parameters_of(address)
    if type(search) is str and search.startswith("?"):
        return visits.parameters_of(search[:LONGEST_ADDRESS])
    if "utm_source" in properties or "utm_medium" in properties:
        return {key: cut for key in visits.UTM if (cut := values.text(properties.get(key), 200))}
    return _NO_PARAMETERS
