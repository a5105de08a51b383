"""Migrations of shop_payments."""
