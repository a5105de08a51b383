"""Returns: goods that come back, and the money or the goods that go out for them.

Owns     shop_returns_return, shop_returns_piece, shop_returns_picture, shop_returns_goodwill.
Tells    ReturnRequested, ReturnReceived, ReturnClosed, RefundLate, ExchangeDue, ExchangeLapsed; the money is told by
         payments.
Hears    nothing: orders, parcels and stock are asked.
Refuses  NoSuchReturn, NotReturnable, StepRefused, WordsMissing, PictureNotAllowed, CannotExchange, SlotNotOffered,
         VerdictMissing, GoodwillTooHigh, NothingToRefund, StillOut, CannotCallOff, NothingDue, DifferenceDue.
"""
