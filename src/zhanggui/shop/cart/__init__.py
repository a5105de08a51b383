"""What a shopper has laid aside to buy.

Owns     shop_cart_cart, shop_cart_line.
Tells    CartChanged.
Refuses  QuantityNotAllowed, NotForSale, CartFull, CartMoved.
"""
