"""Migrations of shop_wishes."""
