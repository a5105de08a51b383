"""What the shop offers: categories, products, pictures, prices, reviews.

Owns     shop_catalogue_category, _product, _review, _price_point.
Tells    ProductListed, ProductDelisted, PriceChanged, ReviewPublished.
Refuses  NoSuchProduct, NoSuchCategory, PriceNotAllowed, RatingNotAllowed.
"""
