"""What the shop offers: categories, products with their SKUs, pictures, prices, evidence, ratings.

Owns     shop_catalogue_category, _product, _variant, _part, _foreign_price, _evidence, _term, _drawing, _file,
         _price_point, _former_handle, _former_key, and the folder `media` in the home folder.
Tells    ProductListed, ProductDelisted, PriceChanged.
Refuses  NoSuchProduct, NoSuchCategory, CategoryLoop, CategoryTooDeep, CategoryInUse, CategoryKeyNotAllowed,
         PriceNotAllowed, SaleNotAllowed, SkuTaken, HandleNotAllowed, ProductNotAllowed, ProductMoved, FileNotAllowed,
         FileNotUnderstood, NoSuchFile, RatingNotAllowed.
"""
