"""What flash sales tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.flash_started")
class FlashStarted:
    """A flash sale began by the clock. Not told when it is set up, nor for one that was stopped before it began.

    quota_units  pieces of all its SKUs that were set aside for it
    """

    sale_id: str
    quota_units: int


@fact(name="growth.flash_taken")
class FlashTaken:
    """An order was placed that takes pieces of a flash sale's quota. Told per SKU; it may still come to nothing.

    amount  what the pieces cost less than at the list price, above zero
    """

    sale_id: str
    order_number: str
    sku: str
    quantity: int
    amount_minor: int
    currency: str


@fact(name="growth.flash_returned")
class FlashReturned:
    """Pieces that an order took from a flash sale are no longer its own: called off, expired or sent back.

    to  quota if others can have them at the flash price again, stock if the sale is over or they were sold meanwhile
    """

    sale_id: str
    order_number: str
    sku: str
    quantity: int
    to: str


@fact(name="growth.flash_ended")
class FlashEnded:
    """A flash sale is over and what nobody took is back in the stock. Told once.

    reason          over if its time was, stopped if somebody ended it before
    taken_units     pieces that orders took and kept
    returned_units  pieces that went back into the stock
    """

    sale_id: str
    reason: str
    taken_units: int
    returned_units: int
