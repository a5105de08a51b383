"""What codes mean in words: periods, cuts, facts, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.accounts.rules import Role
from zhanggui.base.look import formats
from zhanggui.base.operation.rules import ActorKind
from zhanggui.doors.console import growth_fields, play_fields, shelf_words
from zhanggui.doors.console.steering import fields as goal_fields
from zhanggui.insight.metrics.rules import Comparison, Cut, Lack, Owner, Period, Preset
from zhanggui.insight.sources.rules import State

PRESETS: Final = {
    Preset.TODAY: lazy("Today"),
    Preset.YESTERDAY: lazy("Yesterday"),
    Preset.DAYS_7: lazy("Last 7 days"),
    Preset.DAYS_30: lazy("Last 30 days"),
    Preset.DAYS_90: lazy("Last 90 days"),
    Preset.MONTHS_12: lazy("Last 12 months"),
    Preset.THIS_MONTH: lazy("This month"),
    Preset.LAST_MONTH: lazy("Last month"),
    Preset.THIS_YEAR: lazy("This year"),
    Preset.ALL: lazy("All time"),
}

COMPARISONS: Final = {
    Comparison.PREVIOUS: lazy("the period before"),
    Comparison.YEAR: lazy("a year before"),
    Comparison.NONE: lazy("nothing"),
}

CUTS: Final = {
    Cut.HOUR: lazy("Hour"),
    Cut.DAY: lazy("Day"),
    Cut.WEEK: lazy("Week"),
    Cut.MONTH: lazy("Month"),
    Cut.QUARTER: lazy("Quarter"),
    Cut.YEAR: lazy("Year"),
    Cut.REGION: lazy("Region"),
    Cut.CATEGORY: lazy("Category"),
    Cut.SKU: lazy("Product"),
    Cut.CHANNEL: lazy("Channel"),
    Cut.CAMPAIGN: lazy("Campaign"),
    Cut.DEVICE: lazy("Device"),
    Cut.NEWNESS: lazy("New or returning"),
    Cut.SEGMENT: lazy("Segment"),
}

LACKS: Final = {
    Lack.ORDERS_WITHOUT_GOODS: lazy("It counts whole orders, and an order may hold several products."),
    Lack.VISITS_WITHOUT_GOODS: lazy("It counts visits, and a visit is not to one product."),
    Lack.PARCELS_WITHOUT_GOODS: lazy("It counts parcels, and a parcel may hold several products."),
    Lack.STOCK_WITHOUT_BUYERS: lazy("It counts what lies in stock, which belongs to no buyer yet."),
    Lack.FEW_FACTS: lazy("What it counts is told without that."),
    Lack.PEOPLE_WITHOUT_GOODS: lazy("It counts people, whatever they look at or buy."),
    Lack.SPEND_WITHOUT_PEOPLE: lazy("What advertising cost is told by day, channel and campaign only."),
}

OWNERS: Final = {
    Owner.TRADE: lazy("Trade"),
    Owner.TRAFFIC: lazy("Traffic"),
    Owner.MEMBERS: lazy("Buyers and members"),
    Owner.GOODS: lazy("Goods"),
    Owner.FULFILMENT: lazy("Delivery and returns"),
    Owner.CARE: lazy("Care"),
    Owner.FINANCE: lazy("Finance"),
    Owner.SYSTEM: lazy("System"),
    Owner.RISK: lazy("Risk"),
}

NEWNESS: Final = {"new": pgettext_lazy("buyers", "New"), "returning": pgettext_lazy("buyers", "Returning")}

CHANNELS: Final = {
    "direct": lazy("Direct"),
    "organic_search": lazy("Search, unpaid"),
    "organic_social": lazy("Social, unpaid"),
    "paid_search": lazy("Search ads"),
    "paid_social": lazy("Social ads"),
    "display": lazy("Display ads"),
    "email": lazy("E-mail"),
    "sms": lazy("Text message"),
    "push": lazy("Push"),
    "affiliate": lazy("Affiliates"),
    "referral": lazy("Other sites"),
}

DEVICES: Final = {
    "phone": pgettext_lazy("device", "Phone"),
    "tablet": lazy("Tablet"),
    "desktop": lazy("Desktop"),
    "bot": lazy("Bot"),
}

ROLES: Final = {
    Role.OWNER: lazy("Owner"),
    Role.MANAGER: lazy("Manager"),
    Role.ANALYST: lazy("Analyst"),
    Role.CLERK: lazy("Clerk"),
}

IMPORT_STATES: Final = {
    State.RUNNING: lazy("Running"),
    State.STOPPED: lazy("Stopped"),
    State.DONE: lazy("Done"),
}

ACTORS: Final = {
    ActorKind.CUSTOMER: lazy("Shopper"),
    ActorKind.OPERATOR: lazy("Operator"),
    ActorKind.JOB: lazy("Job"),
    ActorKind.PARTNER: lazy("Partner"),
}

EVENTS: Final = {
    "shop.product_listed": lazy("Product listed"),
    "shop.product_delisted": lazy("Product delisted"),
    "shop.price_changed": lazy("Price changed"),
    "shop.customer_registered": lazy("Customer registered"),
    "shop.cart_changed": lazy("Cart changed"),
    "shop.order_placed": lazy("Order placed"),
    "shop.order_cancelled": lazy("Order cancelled"),
    "shop.order_expired": lazy("Order expired"),
    "shop.payment_started": lazy("Payment started"),
    "shop.payment_settled": lazy("Payment settled"),
    "shop.payment_failed": lazy("Payment failed"),
    "shop.payment_quarantined": lazy("Payment held for a check"),
    "shop.parcel_packed": lazy("Parcel packed"),
    "shop.parcel_shipped": lazy("Parcel shipped"),
    "shop.parcel_delivered": lazy("Parcel delivered"),
    "shop.parcel_late": lazy("Parcel late"),
    "shop.parcel_lost": lazy("Parcel lost"),
    "shop.parcel_sent_back": lazy("Parcel sent back to us"),
    "shop.return_requested": lazy("Return asked for"),
    "shop.return_accepted": lazy("Return accepted"),
    "shop.exchange_due": lazy("Exchange waits for its difference"),
    "shop.exchange_lapsed": lazy("Exchange not paid for, refund instead"),
    "shop.return_closed": lazy("Return closed"),
    "shop.refund_late": lazy("Refund late"),
    "shop.return_received": lazy("Return received"),
    "shop.refund_settled": lazy("Refund settled"),
    "shop.review_published": lazy("Review published"),
    "shop.customer_signed_in": lazy("Customer signed in"),
    "shop.account_closed": lazy("Account closed"),
    "shop.customer_joined": lazy("Guest joined an account"),
    "shop.customer_unmasked": lazy("Customer shown in full"),
    "shop.customer_noted": lazy("Note about a customer"),
    "shop.consent_given": lazy("Consent given"),
    "shop.consent_withdrawn": lazy("Consent withdrawn"),
    "shop.refund_started": lazy("Refund started"),
    "shop.gift_card_issued": lazy("Gift card issued"),
    "shop.wallet_credited": lazy("Wallet credited"),
    "supply.stock_received": lazy("Stock received"),
    "supply.stock_held": lazy("Stock held"),
    "supply.stock_released": lazy("Stock released"),
    "supply.stock_shipped": lazy("Stock shipped"),
    "supply.stock_taken_back": lazy("Stock taken back"),
    "supply.stock_counted": lazy("Stock counted"),
    "supply.stock_moved": lazy("Stock sent to another warehouse"),
    "supply.stock_arrived": lazy("Stock arrived from another warehouse"),
    "supply.stock_sorted": lazy("Stock sorted out"),
    "supply.stock_written_off": lazy("Stock written off"),
    "supply.backorder_limited": lazy("Backorders limited"),
    "supply.warehouse_described": lazy("Warehouse described"),
    "supply.stock_repaired": lazy("Stock books repaired"),
    "insight.orders_imported": lazy("Orders imported"),
    "insight.deviation_found": lazy("Deviation found"),
    "steer.signal_raised": lazy("Signal raised"),
    "steer.goal_set": lazy("Goal set"),
    "steer.goal_missed": lazy("Goal missed"),
    "steer.budget_set": lazy("Budget set"),
    "steer.budget_moved": lazy("Budget moved"),
    "insight.segment_frozen": lazy("Segment frozen"),
    "insight.board_made": lazy("Board made"),
    "insight.board_shared": lazy("Board shared"),
    "insight.board_closed": lazy("Board closed to others"),
    "insight.board_forgotten": lazy("Board let go"),
    "insight.board_mail_ordered": lazy("Board ordered by mail"),
    "insight.board_mail_stopped": lazy("Board by mail stopped"),
    "insight.board_mailed": lazy("Board mailed"),
    "insight.identity_merged": lazy("Identities merged"),
    "insight.identity_parted": lazy("Identities parted"),
    "insight.margin_set": lazy("Margin set"),
    "insight.spend_recorded": lazy("Advertising cost recorded"),
    "growth.promotion_started": lazy("Promotion started"),
    "growth.promotion_stopped": lazy("Promotion stopped"),
    "growth.promotion_redeemed": lazy("Promotion applied"),
    "growth.promotion_undone": lazy("Promotion given back"),
    "growth.budget_repaired": lazy("Budget books repaired"),
    "growth.coupon_issued": lazy("Coupon issued"),
    "growth.coupon_redeemed": lazy("Coupon redeemed"),
    "growth.coupon_returned": lazy("Coupon returned"),
    "growth.coupon_codes_exported": lazy("Coupon codes exported"),
    "growth.coupons_taken_back": lazy("Coupons taken back"),
    "growth.points_earned": lazy("Points earned"),
    "growth.points_spent": lazy("Points spent"),
    "growth.points_returned": lazy("Points returned"),
    "growth.points_taken_back": lazy("Points taken back"),
    "growth.points_expired": lazy("Points expired"),
    "growth.tier_changed": lazy("Tier changed"),
    "growth.reward_redeemed": lazy("Reward redeemed"),
    "growth.reward_cancelled": lazy("Reward called off"),
    "growth.membership_started": lazy("Paid membership started"),
    "growth.membership_ended": lazy("Paid membership ended"),
    "growth.item_recycled": lazy("Recycled for points"),
    "growth.flash_started": lazy("Flash sale began"),
    "growth.flash_taken": lazy("Taken at the flash price"),
    "growth.flash_returned": lazy("Back to the flash sale"),
    "growth.flash_ended": lazy("Flash sale ended"),
    "growth.presale_started": lazy("Presale began"),
    "growth.presale_ended": lazy("Presale called off"),
    "growth.deposit_paid": lazy("Deposit paid"),
    "growth.balance_paid": lazy("Balance paid"),
    "growth.deposit_forfeited": lazy("Deposit forfeited"),
    "growth.deposit_returned": lazy("Deposit returned"),
    "growth.group_opened": lazy("Team opened"),
    "growth.group_joined": lazy("Team joined"),
    "growth.group_formed": lazy("Team full"),
    "growth.group_failed": lazy("Team failed"),
    "growth.referral_made": lazy("Friend referred"),
    "growth.referral_refused": lazy("Referral not rewarded"),
    "growth.referral_rewarded": lazy("Referral rewarded"),
    "growth.message_sent": lazy("Message sent"),
    "growth.message_clicked": lazy("Link in a message opened"),
    "growth.message_refused": lazy("Message not sent"),
    "growth.experiment_exposed": lazy("Reached by a trial"),
    "growth.page_shown": lazy("Second version of a page shown"),
    "steer.play_proposed": lazy("Play proposed"),
    "steer.play_started": lazy("Play started"),
    "steer.play_stopped": lazy("Play over"),
    "steer.effect_measured": lazy("Effect measured"),
    "steer.briefing_published": lazy("Briefing published"),
    "Page": lazy("Page viewed"),
    "Product List Viewed": lazy("Product list viewed"),
    "Products Searched": lazy("Products searched"),
    "Product Clicked": lazy("Product clicked"),
    "Product Viewed": lazy("Product viewed"),
    "Blocks Viewed": lazy("Parts of a page in view"),
    "Product Added": lazy("Put into the cart"),
    "Product Removed": lazy("Taken out of the cart"),
    "Cart Viewed": lazy("Cart viewed"),
    "Checkout Started": lazy("Checkout started"),
    "Checkout Step Viewed": lazy("Checkout step viewed"),
    "Checkout Step Completed": lazy("Checkout step done"),
    "Payment Info Entered": lazy("Payment chosen"),
    "Order Completed": lazy("Order completed"),
}

FIELDS: Final = {
    "order_number": lazy("Order"),
    "customer_id": lazy("Customer number"),
    "cart_id": lazy("Cart number"),
    "payment_id": lazy("Payment number"),
    "refund_id": lazy("Refund number"),
    "parcel_id": lazy("Parcel number"),
    "return_number": lazy("Return number"),
    "hours": lazy("Hours"),
    "outcome": lazy("How it ended"),
    "wish": lazy("Wanted for it"),
    "import_id": lazy("Import number"),
    "sku": lazy("SKU"),
    "title": lazy("Title"),
    "title_en": lazy("Title in English"),
    "category": lazy("Category"),
    "quantity": lazy("Pieces"),
    "amount_minor": lazy("Amount"),
    "goods_minor": lazy("Goods"),
    "discount_minor": lazy("Discount"),
    "shipping_minor": lazy("Delivery"),
    "tax_minor": lazy("Tax"),
    "was_minor": lazy("Price before"),
    "currency": lazy("Currency"),
    "provider": lazy("Payment provider"),
    "carrier": lazy("Carrier"),
    "reason": lazy("Reason"),
    "rating": lazy("Rating"),
    "channel": lazy("Channel"),
    "campaign": lazy("Campaign"),
    "device": lazy("Device"),
    "region": lazy("Region"),
    "price": lazy("Price"),
    "warehouse": lazy("Warehouse"),
    "weight_g": lazy("Weight in grams"),
    "promise": lazy("Promise"),
    "source": lazy("Source"),
    "path": lazy("Address"),
    "page": lazy("Page"),
    "url": lazy("Address"),
    "referrer": lazy("Came from"),
    **goal_fields.FIELDS,
    **growth_fields.FIELDS,
    **play_fields.FIELDS,
}


def cuts(some: Iterable[Cut]) -> str:
    """Cuts by name: Channel, Device."""
    return _(", ").join(str(CUTS[cut]) for cut in some)


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def span(period: Period) -> str:
    """The days of a period: one day, or the first and the last."""
    first, last = (formats.day(day, language=language()) for day in (period.start, period.last))
    return first if period.days == 1 else f"{first} – {last}"


def month(day: date) -> str:
    """The month of a day: 2026年11月, Nov 2026."""
    is_chinese = language().startswith("zh")
    written: str = format_date(day, "y年M月" if is_chinese else "MMM y", locale="zh_Hans_CN" if is_chinese else "en_US")
    return written


def preset_or_span(preset: Preset | None, period: Period) -> str:
    """The name of a period if it has one, else its days."""
    return str(PRESETS[preset]) if preset else span(period)


def cell(cut: Cut, value: str) -> str:
    """What a value of a cut is called; a product's name is not known here."""
    if not value:
        return _("Not known")
    if cut is Cut.CATEGORY:
        return shelf_words.category(value, language=language())
    known: Mapping[str, Promise] = {Cut.CHANNEL: CHANNELS, Cut.DEVICE: DEVICES, Cut.NEWNESS: NEWNESS}.get(cut, {})
    return str(known.get(value, value))


def event(name: str) -> str:
    """What a fact or sighting is called; one without words keeps its name."""
    return str(EVENTS.get(name, name))


def field(name: str) -> str:
    """What a field of a body is called; one without words keeps its name."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def actor(said: str) -> str:
    """Who did something: the kind of doer and the end of the number, enough to tell two apart and to name nobody."""
    kind, _colon, number = said.partition(":")
    if not kind:
        return _("Not known")
    who = str(ACTORS[ActorKind(kind)]) if kind in tuple(ActorKind) else kind
    if kind in (ActorKind.JOB, ActorKind.PARTNER):
        return f"{who} {number}"
    return f"{who} {tail(number)}" if number else who


def people(count: int) -> str:
    """So many people."""
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": formats.number(count, language=language())}


def tail(number: str) -> str:
    """The end of a long number."""
    return number if len(number) <= 8 else f"…{number[-6:]}"


def gap(passed: timedelta) -> str:
    """How much later something came: 340 milliseconds, 12 seconds, 5 minutes, 3 hours, 2 days later."""
    seconds = passed.total_seconds()
    if seconds < 0:
        return _("earlier by another clock")
    if seconds < 1:
        n = round(1000 * seconds)
        return ngettext("%(n)s millisecond later", "%(n)s milliseconds later", n) % {"n": n}
    if seconds < 60:
        n = round(seconds)
        return ngettext("%(n)s second later", "%(n)s seconds later", n) % {"n": n}
    if seconds < 3600:
        n = round(seconds / 60)
        return ngettext("%(n)s minute later", "%(n)s minutes later", n) % {"n": n}
    if seconds < 86_400:
        n = round(seconds / 3600)
        return ngettext("%(n)s hour later", "%(n)s hours later", n) % {"n": n}
    n = passed.days
    return ngettext("%(n)s day later", "%(n)s days later", n) % {"n": n}
