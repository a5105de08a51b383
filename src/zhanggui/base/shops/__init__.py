"""The shops of this installation: our own, and those whose orders were imported.

Owns     base_shops_shop: code, name, zone, currency, kind, law; base_shops_imprint: who runs it.
Refuses  NoSuchShop, ShopDiffers, ZoneUnknown, LineTooLong.
"""
