"""Orders: what was bought, at which frozen shares, and in which state it is.

Owns     shop_orders_order, shop_orders_line.
Tells    OrderPlaced, OrderCancelled, OrderExpired; DifferencePlaced, DifferenceCancelled, DifferenceExpired.
Refuses  NoSuchOrder, TransitionRefused.
"""
