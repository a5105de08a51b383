"""Migrations of shop_customers."""
