"""What shoppers like and do not buy yet.

Owns     shop_wishes_wish.
Tells    nothing: a wish is what a visitor does, so the browser's sighting tells it.
Refuses  NotForSale, ListFull.
"""
