"""Keeping the shop inside the law and out of harm: knows a SKU, never a product."""
