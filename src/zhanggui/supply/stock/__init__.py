"""How many pieces of each SKU there are, and how many of them are promised.

Owns     supply_stock_level (a cache under a CHECK) and supply_stock_movement (append-only, the truth).
Tells    StockReceived, StockHeld, StockReleased, StockShipped.
Refuses  OutOfStock, NothingHeld, UnitsNotAllowed.
"""
