"""What a no looks like from outside: one shape, and one table that gives every refusal of every room its status.

A refusal that the table does not know is answered as a conflict under the name of its class, and logged: a gap here is
not a fault of the caller.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.accounts import errors as accounts
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.ledger import errors as ledger
from zhanggui.base.operation import errors as operations
from zhanggui.base.outbox import errors as outbox
from zhanggui.base.rates import errors as rates
from zhanggui.base.shops import errors as shops
from zhanggui.doors.api import errors
from zhanggui.growth.flash import errors as flash
from zhanggui.growth.membership import errors as membership
from zhanggui.growth.presale import errors as presale
from zhanggui.growth.promotions import errors as promotions
from zhanggui.growth.referrals import errors as referrals
from zhanggui.growth.teams import errors as teams
from zhanggui.shop.cart import errors as cart
from zhanggui.shop.catalogue import errors as catalogue
from zhanggui.shop.checkout import errors as checkout
from zhanggui.shop.customers import errors as customers
from zhanggui.shop.fulfilment import errors as parcels
from zhanggui.shop.orders import errors as orders
from zhanggui.shop.payments import errors as payments
from zhanggui.shop.returns import errors as returns
from zhanggui.shop.reviews import errors as reviews
from zhanggui.shop.wishes import errors as wishes
from zhanggui.supply.stock import errors as stock

_log: Final = logging.getLogger(__name__)
_NOWHERE: Final = lazy("There is nothing of that name here.")
_WRONG_WORDS: Final = lazy("Some words are missing, too long or unreadable. Nothing was changed.")
_MOVED_ON: Final = lazy("It has moved on and does not stand where that follows. Nothing was changed.")
_AMOUNT: Final = lazy("That amount cannot be taken. Nothing was changed.")
_UNITS: Final = lazy("Pieces are whole and more than none. Nothing was changed.")
_NAME_IN_ADDRESSES: Final = lazy("That name in addresses is taken, or cannot stand there. Nothing was changed.")
_TWICE: Final = lazy("That was done under this reference before. Nothing was changed.")
_PAY_ANOTHER_WAY: Final = lazy("That way to pay is not offered here. Nothing was charged.")
_PICTURE: Final = lazy("That picture cannot be taken: JPEG, PNG or WebP, not too large, not too many.")
_RATING: Final = lazy("A rating is 1 to 5.")
_TERMS: Final = lazy("Those terms cannot be. Nothing was changed.")
_NOT_THAT_MUCH: Final = lazy("The wallet or gift card cannot pay that. Nothing was charged.")

TABLE: Final[dict[type[Refused], tuple[int, Promise]]] = {
    # Who asks, and how.
    errors.NotKnown: (401, lazy("Say who you are: Authorization: Bearer and a token or key that is good.")),
    errors.SignInNeeded: (403, lazy("Somebody has to be signed in for that.")),
    errors.RightMissing: (403, lazy("This key may not do that.")),
    accounts.NotAllowed: (403, lazy("This key may not do that.")),
    errors.TooOften: (429, lazy("Too many calls. Wait for as many seconds as Retry-After says.")),
    errors.KeyMissing: (400, lazy("Send an Idempotency-Key of 1 to 200 letters with every change.")),
    errors.KeyMisused: (422, lazy("This Idempotency-Key was used for another call. Take a new one.")),
    operations.KeyReused: (422, lazy("This Idempotency-Key was used for another call. Take a new one.")),
    errors.StillRunning: (409, lazy("The same call is being worked on. Ask again in a moment.")),
    errors.TooLarge: (413, lazy("The body is too large. Nothing was read.")),
    errors.NotJson: (400, lazy("The body is not JSON.")),
    errors.NotMultipart: (400, lazy("The body is no form with a file in it.")),
    errors.CursorNotAllowed: (422, lazy("Take the cursor from the answer before, as it is.")),
    errors.ReturnNotAllowed: (422, lazy("Shoppers are sent back only to pages that may call this API.")),
    errors.NothingThere: (404, _NOWHERE),
    errors.NoSuchPicture: (404, _NOWHERE),
    errors.WrongMethod: (405, lazy("That cannot be done at this address.")),
    # Signing in.
    errors.HandleUnreadable: (422, lazy("That is neither a phone number nor a mail address.")),
    errors.NotAgreed: (422, lazy("Nobody signs in without agreeing to the terms and the privacy policy.")),
    errors.CodeWrong: (422, lazy("That is not the code. Look again.")),
    errors.CodeEnded: (409, lazy("That code is no longer good. Ask for a new one.")),
    accounts.TooManyCodes: (429, lazy("Another code has to wait for as many seconds as Retry-After says.")),
    accounts.NotReachable: (422, lazy("No code can be sent that way.")),
    accounts.AlreadyTaken: (409, lazy("That number or address belongs to another account. Nothing was changed.")),
    outbox.NoSender: (422, lazy("No code can be sent that way.")),
    # What is not there, or is somebody else's.
    shops.NoSuchShop: (404, lazy("The shop is not open yet.")),
    cart.NotForSale: (409, lazy("This item is not sold, or no longer. Nothing was changed.")),
    catalogue.NoSuchProduct: (404, lazy("The shop has no such product.")),
    catalogue.NoSuchCategory: (404, lazy("The shop has no such category.")),
    catalogue.NoSuchFile: (404, _NOWHERE),
    customers.NoSuchCustomer: (404, lazy("The shop has no such customer.")),
    customers.NoSuchAddress: (404, lazy("There is no such address.")),
    customers.NoSuchEntry: (404, lazy("There is no such address.")),
    customers.NoSuchText: (404, _NOWHERE),
    orders.NoSuchOrder: (404, lazy("There is no such order.")),
    parcels.NoSuchParcel: (404, lazy("There is no such parcel.")),
    payments.NoSuchPayment: (404, lazy("There is no such payment.")),
    payments.NoSuchRefund: (404, lazy("There is no such refund.")),
    returns.NoSuchReturn: (404, lazy("There is no such return.")),
    reviews.NoSuchReview: (404, lazy("There is no such review.")),
    reviews.NoSuchQuestion: (404, lazy("There is no such question.")),
    # The cart and the checkout.
    cart.QuantityNotAllowed: (422, lazy("Of one item, 1 to 99 pieces fit in the cart. Nothing was changed.")),
    cart.CartFull: (409, lazy("A cart has room for 100 different items. Nothing was changed.")),
    cart.CartMoved: (409, lazy("The cart is another by now, or was ordered already. Look at it again.")),
    checkout.CartEmpty: (409, lazy("The cart is empty.")),
    checkout.OptionNotAllowed: (422, _AMOUNT),
    checkout.OptionMoved: (409, lazy("Somebody else changed this way to deliver. Nothing was changed.")),
    checkout.LastOption: (409, lazy("The last way to deliver stays, or nobody could order.")),
    checkout.NoSuchOption: (422, lazy("Nothing is delivered there that way. Nothing was ordered.")),
    checkout.SplitNotAllowed: (422, lazy("The pieces for the addresses are not those in the cart.")),
    checkout.TenderNotAllowed: (422, _NOT_THAT_MUCH),
    checkout.NotDeliverable: (409, lazy("Some of it is no longer sold. Take it out first; nothing was ordered.")),
    checkout.QuoteChanged: (409, lazy("The total is another by now. Nothing was ordered; look at it again.")),
    customers.ContactIncomplete: (422, lazy("Parts of the contact are missing or malformed. Nothing was ordered.")),
    customers.AddressIncomplete: (422, lazy("Parts of the address are missing or malformed. Nothing was ordered.")),
    customers.BookFull: (409, lazy("The address book is full.")),
    customers.AccountNeeded: (409, lazy("Something is not over yet that the account is needed for.")),
    customers.WordsNotAllowed: (422, _WRONG_WORDS),
    rates.NoRate: (422, lazy("This currency is not taken today.")),
    # Promotions and coupons.
    promotions.PromotionGone: (409, lazy("An offer in this price has ended or is used up. Nothing was ordered.")),
    promotions.CouponGone: (409, lazy("A coupon in this price is used or over. Nothing was ordered.")),
    promotions.NoSuchCoupon: (404, lazy("There is no such coupon, or not any more.")),
    promotions.CouponRests: (409, lazy("What this code brings is paused or over. Nothing was taken.")),
    promotions.AllClaimed: (409, lazy("All of these coupons have been claimed.")),
    promotions.ClaimedBefore: (409, lazy("This shopper has as many of these coupons as one person can have.")),
    promotions.NotForYou: (403, lazy("This coupon is for other shoppers.")),
    promotions.NoSuchPromotion: (404, lazy("There is no such promotion.")),
    promotions.TermsNotAllowed: (422, _TERMS),
    promotions.StateNotAllowed: (409, _MOVED_ON),
    promotions.SecondPersonNeeded: (403, lazy("A second person has to let this go live.")),
    promotions.ChangedMeanwhile: (409, lazy("Somebody else changed it meanwhile. Look at it again.")),
    promotions.SpentMore: (409, lazy("More was given than the budget holds.")),
    # Flash sales.
    flash.NoSuchSale: (404, lazy("There is no such flash sale, or it has no line: order what it sells at once.")),
    flash.SaleNotOn: (409, lazy("The flash sale has not begun, or is over. Nothing was ordered.")),
    flash.NoEntry: (409, lazy("Stand in line for this flash sale first, and order when it is your turn.")),
    flash.QuotaGone: (409, lazy("The pieces at the flash price are taken. Nothing was ordered; look at the total.")),
    flash.LimitReached: (409, lazy("One person may not have that many pieces. Nothing was ordered.")),
    flash.SaleNotAllowed: (422, lazy("That sale cannot be: it costs less, and ends after it begins.")),
    flash.SalesOverlap: (409, lazy("Another flash sale has that SKU at the same time.")),
    # Presales.
    presale.NoSuchPresale: (404, lazy("There is no such presale.")),
    presale.NoSuchReservation: (404, lazy("There is no such reservation.")),
    presale.NotOpen: (409, lazy("Deposits are not taken now. Nothing was reserved.")),
    presale.TermsMoved: (409, lazy("What is paid now is another sum. Nothing was reserved; look at it again.")),
    presale.LawNotConfirmed: (422, lazy("The shopper has to say to know that a deposit is not paid back.")),
    presale.SoldOut: (409, lazy("Fewer pieces can still be reserved. Nothing was reserved.")),
    presale.LimitReached: (409, lazy("One person may not have that many pieces. Nothing was ordered.")),
    presale.StateNotAllowed: (409, _MOVED_ON),
    presale.BalanceNotWhole: (409, lazy("A balance is paid for all reserved pieces at once. Nothing was ordered.")),
    presale.BalanceAsked: (409, lazy("The balance is being paid already, or no longer can be. Nothing was ordered.")),
    presale.PresaleNotAllowed: (422, _TERMS),
    presale.AlreadyStarted: (409, lazy("Somebody has reserved, so the terms stay as they are.")),
    # Buying together, and inviting.
    teams.NoSuchOffer: (404, lazy("That is not sold to teams, or not now.")),
    teams.NoSuchTeam: (404, lazy("There is no such team.")),
    teams.TeamsUsedUp: (409, lazy("No more teams are opened for this offer. Join one that has a seat.")),
    teams.TeamFull: (409, lazy("Every seat of the team is taken. One may become free if it is not paid.")),
    teams.TeamOver: (409, lazy("The team is full, or its time is over.")),
    teams.SeatTaken: (409, lazy("This shopper sits in the team already.")),
    teams.SeatsUsedUp: (409, lazy("This shopper has bought by the offer as often as one person may.")),
    teams.SeatGone: (409, lazy("The seat was not ordered in time. Nothing was ordered; look at the total.")),
    teams.LeaveNotAllowed: (409, lazy("The order was placed: call it off to leave the team.")),
    teams.OfferNotAllowed: (422, _TERMS),
    referrals.NoScheme: (409, lazy("The shop rewards no invitations now.")),
    referrals.NoSuchLink: (404, lazy("There is no such invitation.")),
    referrals.NoSuchReferral: (404, lazy("There is no such referral.")),
    referrals.SchemeNotAllowed: (422, _TERMS),
    # Membership and points.
    membership.NotEnoughPoints: (409, lazy("Fewer points are there than are needed. Nothing was taken.")),
    membership.PointsNotAllowed: (422, lazy("So many points cannot be used.")),
    membership.NoSuchReward: (404, lazy("The points shop has no such reward, or not now.")),
    membership.RewardGone: (409, lazy("All of this reward is taken. No points were taken.")),
    membership.RewardLimit: (409, lazy("Nobody gets more of this reward. No points were taken.")),
    membership.AddressMissing: (422, lazy("What is sent needs an address of the address book. No points were taken.")),
    membership.NoSuchRedemption: (404, lazy("Nothing was redeemed under that number.")),
    membership.StepRefused: (409, _MOVED_ON),
    membership.WordsMissing: (422, _WRONG_WORDS),
    membership.BirthdayNotAllowed: (422, lazy("There is no such day, or the birthday was said before.")),
    membership.RewardNotAllowed: (422, _TERMS),
    membership.TiersNotAllowed: (422, _TERMS),
    membership.SchemeNotAllowed: (422, _TERMS),
    membership.PlanNotAllowed: (422, _TERMS),
    membership.NoSuchKind: (422, lazy("Things of that kind are not taken back.")),
    membership.NoSuchItem: (404, lazy("Nothing was handed in under that number.")),
    membership.PictureNotAllowed: (422, _PICTURE),
    # Orders and money.
    orders.TransitionRefused: (409, _MOVED_ON),
    orders.MoreThanBought: (409, lazy("That is more than is left of what was bought. Nothing was given back.")),
    orders.MoreThanPaid: (409, lazy("That is more than is left of what was paid. Nothing was given back.")),
    orders.NoteNotAllowed: (422, _WRONG_WORDS),
    orders.InvoiceNotAllowed: (422, lazy("An invoice is made for a paid order, and out to somebody.")),
    payments.NoSuchProvider: (422, _PAY_ANOTHER_WAY),
    payments.NotPayable: (409, lazy("There is nothing left to pay for this order.")),
    payments.Forged: (401, lazy("That message is not believed.")),
    payments.Stale: (401, lazy("That message is not believed.")),
    payments.Unreadable: (422, lazy("This way to pay does not take the currency of the order.")),
    payments.NothingNew: (409, lazy("Nothing is new.")),
    payments.TenderNotAllowed: (422, _NOT_THAT_MUCH),
    payments.NotEnough: (409, _NOT_THAT_MUCH),
    payments.NoSuchGiftCard: (422, lazy("There is no such gift card. Nothing was charged.")),
    payments.GiftCardEnded: (409, lazy("The gift card has ended. Nothing was charged.")),
    payments.AmountNotAllowed: (422, _AMOUNT),
    payments.RefundDiffers: (409, _TWICE),
    payments.NothingToDecide: (409, lazy("There is nothing left to decide.")),
    ledger.Overdrawn: (409, _NOT_THAT_MUCH),
    # Parcels and returns.
    parcels.TransitionRefused: (409, _MOVED_ON),
    parcels.AlreadyLeft: (409, lazy("A part of the order has left already. Nothing was changed.")),
    parcels.UnitsDiffer: (409, lazy("What was counted is not what belongs into the parcel.")),
    parcels.NotWanted: (409, lazy("None of these parcels wants that.")),
    parcels.WeightNotAllowed: (422, lazy("A parcel has a weight, in grams.")),
    parcels.CannotSplit: (409, lazy("The parcel cannot be split that way.")),
    parcels.CannotMerge: (409, lazy("These parcels cannot be made one.")),
    parcels.NothingToTakeIn: (409, lazy("There is nothing to take in.")),
    parcels.TrackingTaken: (409, lazy("Another parcel has that tracking number.")),
    parcels.TrackingNotAllowed: (422, lazy("That is no tracking number.")),
    parcels.NoSuchCarrier: (422, lazy("There is no such carrier.")),
    parcels.CarrierRefused: (409, lazy("The carrier said no.")),
    parcels.Forged: (401, lazy("That message is not believed.")),
    parcels.Stale: (401, lazy("That message is not believed.")),
    parcels.Unreadable: (422, lazy("That message cannot be read.")),
    returns.NotReturnable: (409, lazy("That cannot be returned, or not any more.")),
    returns.NothingChosen: (422, lazy("Nothing was chosen.")),
    returns.StepRefused: (409, _MOVED_ON),
    returns.WordsMissing: (422, _WRONG_WORDS),
    returns.PictureNotAllowed: (422, _PICTURE),
    returns.CannotExchange: (409, lazy("That cannot be exchanged.")),
    returns.NothingDue: (409, lazy("Nothing is to be paid for that exchange, or not any more.")),
    returns.DifferenceDue: (409, lazy("The difference of the exchange has not been paid yet.")),
    returns.SlotNotOffered: (422, lazy("No courier comes at that time.")),
    returns.VerdictMissing: (422, lazy("Every piece needs a verdict.")),
    returns.GoodwillTooHigh: (403, lazy("That is more than this key may give.")),
    returns.NothingToRefund: (409, lazy("That is more than is left of what was paid. Nothing was given back.")),
    returns.StillOut: (409, _MOVED_ON),
    returns.CannotCallOff: (409, lazy("The order cannot be called off as it stands. Nothing was changed.")),
    # Reviews, questions, wishes.
    errors.PictureUnknown: (422, lazy("Send pictures first, and name them as you were answered.")),
    reviews.PictureNotAllowed: (422, _PICTURE),
    reviews.WordsNotAllowed: (422, _WRONG_WORDS),
    reviews.RatingNotAllowed: (422, _RATING),
    reviews.NotBought: (403, lazy("Only what was bought and has arrived can be spoken about.")),
    reviews.AlreadyReviewed: (409, lazy("That was reviewed before. Nothing was changed.")),
    reviews.NotYours: (403, lazy("Nobody votes on their own review.")),
    reviews.CannotBeAdded: (409, lazy("A published review has room for one addition by whoever wrote it.")),
    reviews.AlreadyAnswered: (409, lazy("Nobody answers a question twice.")),
    reviews.NotDecidable: (409, _MOVED_ON),
    wishes.NotForSale: (409, lazy("This item is not sold, or no longer. Nothing was changed.")),
    wishes.ListFull: (409, lazy("The wish list is full.")),
    # Goods and stock.
    catalogue.CategoryLoop: (422, lazy("A category cannot stand below itself.")),
    catalogue.CategoryTooDeep: (422, lazy("A category would stand too far down. Nothing was changed.")),
    catalogue.CategoryKeyNotAllowed: (422, _NAME_IN_ADDRESSES),
    catalogue.HandleNotAllowed: (422, _NAME_IN_ADDRESSES),
    catalogue.CategoryInUse: (409, lazy("Something still stands in this category.")),
    catalogue.PriceNotAllowed: (422, _AMOUNT),
    catalogue.SaleNotAllowed: (422, lazy("That sale cannot be: it costs less, and ends after it begins.")),
    catalogue.SkuTaken: (409, lazy("Another product has that SKU. Nothing was changed.")),
    catalogue.ProductNotAllowed: (422, lazy("The product cannot be like that. Nothing was changed.")),
    catalogue.ProductMoved: (409, lazy("Somebody changed the product meanwhile. Look at it again.")),
    catalogue.FileNotAllowed: (422, lazy("That file cannot be taken.")),
    catalogue.FileNotUnderstood: (422, lazy("That file cannot be read.")),
    catalogue.RatingNotAllowed: (422, _RATING),
    stock.OutOfStock: (409, lazy("Fewer pieces are free than were asked for. Nothing was ordered.")),
    stock.NothingHeld: (409, lazy("Fewer pieces are promised to this order.")),
    stock.NotInTheHouse: (409, lazy("The pieces are not in the house yet.")),
    stock.UnitsNotAllowed: (422, _UNITS),
    stock.AlreadyMoved: (409, _TWICE),
    stock.TooFewThere: (409, lazy("Fewer pieces lie there that are not promised. Nothing was changed.")),
    stock.PromisedMore: (409, lazy("Orders are promised more than that. Nothing was changed.")),
    stock.NoSuchWarehouse: (422, lazy("The shop has no such warehouse.")),
    stock.WarehouseNotAllowed: (422, lazy("The warehouses cannot be like that.")),
    stock.WarehouseTaken: (409, lazy("Another shop has a warehouse of that code.")),
    stock.NotOnTheWay: (409, lazy("Fewer pieces are on their way.")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A no as it is answered.

    code  what to go by, such as out_of_stock; message: for a person, in the language that was asked for
    data  what the refusal carries
    """

    status: int
    code: str
    message: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """As JSON."""
        return msgspec.json.encode({"code": self.code, "message": self.message, "data": self.data})


def of(refused: Refused) -> Problem:
    """What a refusal looks like from outside."""
    status, words = TABLE.get(type(refused), (0, ""))
    if not status:
        _log.error("no status for %s: %s", type(refused).__name__, refused)
        return Problem(status=409, code=code_of(type(refused)), message=_("The shop said no."), data=_said(refused))
    return Problem(status=status, code=code_of(type(refused)), message=str(words), data=_said(refused))


def of_world(failed: Unreachable) -> Problem:
    """What it looks like when the world fails: the same call may work in a moment."""
    _log.warning("%s", failed)
    words = _("Somebody whom we need for this does not answer. Try again soon.")
    return Problem(status=503, code=code_of(type(failed)), message=words)


def of_shape(faults: list[dict[str, Any]]) -> Problem:
    """What it looks like when a call is not shaped as the document says.

    faults  as pydantic lists them
    """
    said = [
        {"where": [_printed(str(step)) for step in fault["loc"]], "why": _printed(str(fault["msg"]))}
        for fault in faults[:50]
    ]
    return Problem(
        status=422, code="malformed", message=_("The call is not shaped as the document says."), data={"faults": said}
    )


def code_of(kind: type[Exception]) -> str:
    """The word for a class of refusals.

    source  OutOfStock -> out_of_stock
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def _printed(text: str) -> str:
    """A text that came in, without what cannot be written."""
    return text[:300].encode(errors="replace").decode()


def _said(refused: Refused) -> dict[str, Any]:
    said = msgspec.to_builtins(refused.data, str_keys=True)
    return {name: value for name, value in said.items() if name not in ("key", "operation")}
