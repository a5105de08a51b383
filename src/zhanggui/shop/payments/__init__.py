"""Money coming in and going back: attempts, tenders, refunds, gift cards, what providers say, and what does not fit.

Owns     shop_payments_payment, _message (the inbox; one row per provider's event), _incident (what was not believed),
         _tender, _refund, _refund_line, _gift_card, _wallet_note, _bill, _bill_row, _difference.
Plugs    `ports.providers`, by name; `config.wiring` fills it.
Tells    PaymentStarted, PaymentSettled, PaymentFailed, PaymentQuarantined, RefundStarted, RefundSettled,
         DifferenceSettled and DifferenceRefunded instead for what an exchange costs more, GiftCardIssued,
         WalletCredited.
Refuses  Forged, Stale, Unreadable, NoSuchProvider, NoSuchPayment, NotPayable, TenderNotAllowed, NotEnough,
         NoSuchGiftCard, GiftCardEnded, AmountNotAllowed, NoSuchRefund, RefundDiffers, NothingToDecide;
         ProviderUnreachable if the world fails.
Mind     settle, give_up, expire, enter, ask and compare_bill use the network: never call them inside a transaction.
"""
