"""Migrations of shop_letters."""
