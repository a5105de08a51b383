"""Migrations of shop_checkout."""
