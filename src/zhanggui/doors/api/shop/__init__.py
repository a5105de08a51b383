"""The storefront: `/api/shop/`."""
