"""What visitors do, in the words of other shops: columns, ready mappings, and the names they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from zhanggui.doors.imports.errors import MapUnclear
from zhanggui.doors.imports.rules.mapping import Columns
from zhanggui.spine.sightings.rules import names


class Sight(StrEnum):
    """What a column of visitor events can mean."""

    AT = "at"
    PERSON = "person"
    EVENT = "event"
    SKU = "sku"
    CATEGORY = "category"
    ORDER = "order"
    QUANTITY = "quantity"
    PRICE = "price"
    SESSION = "session"
    PAGE = "page"
    DEVICE = "device"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    REGION = "region"
    ID = "id"


RETAILROCKET = Columns(
    named={Sight.AT: "timestamp", Sight.PERSON: "visitorid", Sight.EVENT: "event", Sight.SKU: "itemid"},
    optional={Sight.ORDER: "transactionid"},
)
TAOBAO = Columns(
    named={
        Sight.AT: "ts",
        Sight.PERSON: "user_id",
        Sight.EVENT: "behavior",
        Sight.SKU: "item_id",
        Sight.CATEGORY: "category_id",
    },
    unheaded=(("user_id", "item_id", "category_id", "behavior", "ts"),),
)
PRESETS: Mapping[str, Columns] = {"retailrocket": RETAILROCKET, "taobao": TAOBAO}

_WORDS: Mapping[str, str] = {
    names.PRODUCT_VIEWED: "view pv detail click product_view view_item item_view productview 浏览 点击",
    names.PRODUCT_ADDED: "cart addtocart add_to_cart add add_cart addcart 加购 加购物车",
    "Product Added to Wishlist": "fav favorite favourite collect wishlist add_to_wishlist 收藏",
    names.ORDER_COMPLETED: "buy purchase transaction order pay 购买 下单 支付",
    "Product Removed": "remove remove_from_cart removefromcart",
    "Products Searched": "search 搜索",
    "Cart Viewed": "view_cart viewcart",
    names.CHECKOUT_STARTED: "checkout begin_checkout 结算",
    names.PAGE: "page pageview page_view visit 访问",
}


def known_words(said: Sequence[str] = ()) -> dict[str, str]:
    """Words for events in lower case, and the names they are kept under.

    said     more of them, as `word=Product Viewed`
    refuses  MapUnclear
    """
    known = {word: name for name, listed in _WORDS.items() for word in listed.split()}
    for pair in said:
        word, _, name = pair.partition("=")
        if not word.strip() or not name.strip():
            raise MapUnclear(said=pair, reason="word=Product Viewed")
        known[word.strip().lower()] = names.name_of(name)
    return known


def names_of(events: Iterable[str], *, words: Mapping[str, str]) -> dict[str, str]:
    """The names under which events are kept; one without a name is what no visitor may tell.

    source  "pv" -> Product Viewed, "Viewed Product" -> Product Viewed, "Tea Tasted" stays, "shop.order_placed" -> none
    """
    found = {event: words.get(event.strip().lower()) or names.name_of(event) for event in events}
    return {
        event: name for event, name in found.items() if not names.is_reserved(name) and len(name) <= names.LONGEST_NAME
    }
