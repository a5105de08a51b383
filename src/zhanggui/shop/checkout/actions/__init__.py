"""The verbs of checkout.

place_order, order_now                    a cart, or one SKU, becomes an order
put_up_options, keep_option, drop_option  the ways to deliver
"""

from zhanggui.shop.checkout.actions.options import drop_option, keep_option, put_up_options
from zhanggui.shop.checkout.actions.placing import order_now, place_order

__all__ = ["drop_option", "keep_option", "order_now", "place_order", "put_up_options"]
