"""Money coming in: attempts to pay, what providers say about them, and what does not fit.

Owns     shop_payments_payment, shop_payments_message (the inbox; one row per provider's event).
Plugs    `ports.providers`, by name; `config.wiring` fills it.
Tells    PaymentStarted, PaymentSettled, PaymentFailed, PaymentQuarantined.
Refuses  Forged, Stale, NoSuchProvider, NoSuchPayment, NotPayable.
"""
