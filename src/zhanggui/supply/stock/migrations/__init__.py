"""Migrations of supply_stock."""
