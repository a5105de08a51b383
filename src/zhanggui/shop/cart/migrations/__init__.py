"""Migrations of shop_cart."""
