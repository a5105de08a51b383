"""From a cart to an order: the price as a pipeline, and the one transaction that places the order.

Owns     shop_checkout_terms, what delivery costs in a shop.
Plugs    `ports.price_steps`, the pipeline; `config.wiring` lists it.
Tells    nothing of its own; orders, stock and payments tell what they did.
Refuses  NotDeliverable, QuoteChanged, OptionNotAllowed, OptionMoved, LastOption, and what the shelves below refuse.
"""
