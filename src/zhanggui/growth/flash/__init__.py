"""Flash sales: a few pieces, set aside, for a little money and a short time, to whoever comes first.

Owns     growth_flash_*: sales, their quota by SKU, who took how much, and the line before the door.
Plugs    `queries.prices` into the prices of promotions, `queries.set_aside` and `actions.claim` into the checkout.
Tells    growth.flash_started, growth.flash_taken, growth.flash_returned, growth.flash_ended.
Hears    orders that come to nothing or whose pieces come back: `handlers.reader`.
Refuses  what `errors` lists.
"""
