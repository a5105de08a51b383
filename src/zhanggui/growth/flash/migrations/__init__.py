"""Migrations of growth_flash."""
