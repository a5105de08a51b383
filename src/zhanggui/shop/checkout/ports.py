"""What is plugged into the checkout; `config/wiring.py` fills the list."""

from __future__ import annotations

from zhanggui.shop.checkout.rules import PriceStep, delivery, list_price

# The pipeline, first step first.
price_steps: list[PriceStep] = [list_price, delivery]
