"""Migrations of growth_presale."""
