"""How many pieces of each SKU there are and where, how many of them are promised, and to whom.

Owns     supply_stock_warehouse; supply_stock_level (a cache under CHECKs); supply_stock_movement (append-only, the
         truth); supply_stock_reservation (what is promised); supply_stock_transfer (what is on its way).
Tells    StockReceived, StockHeld, StockReleased, StockShipped, StockTakenBack, StockCounted, StockMoved, StockArrived,
         StockSorted, StockWrittenOff, BackorderLimited, WarehouseDescribed, StockRepaired.
Refuses  OutOfStock, NothingHeld, NotInTheHouse, UnitsNotAllowed, AlreadyMoved, TooFewThere, PromisedMore, NotOnTheWay,
         NoSuchWarehouse, WarehouseNotAllowed, WarehouseTaken.
"""
