"""Migrations of base_shops."""
