"""Migrations of shop_catalogue."""
