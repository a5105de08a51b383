"""Migrations of shop_returns."""
