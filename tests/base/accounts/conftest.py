"""The shop's clock, which stands still until it is moved, is of use here too."""

from tests.shop.conftest import wait

__all__ = ["wait"]
