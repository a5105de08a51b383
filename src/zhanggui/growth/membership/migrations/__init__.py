"""Migrations of shop_reviews."""
