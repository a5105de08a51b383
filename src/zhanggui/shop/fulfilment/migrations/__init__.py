"""Migrations of shop_orders."""
