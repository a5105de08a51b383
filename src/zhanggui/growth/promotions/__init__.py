"""What offers take off a basket, why, and who pays for it.

Owns     growth_promotions_*: promotions, what they have given away, coupons.
Plugs    `steps.offers` and `steps.postage` into the pipeline of the checkout, `actions.redeem` into its claims.
Plugged  `ports.prices`: who else names a price of its own, such as a flash sale.
Refuses  what `errors` lists.
"""
