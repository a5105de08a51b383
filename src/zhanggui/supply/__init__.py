"""Having the right goods: knows a SKU, never a product."""
