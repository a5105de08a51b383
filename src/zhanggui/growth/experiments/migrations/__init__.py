"""Migrations of growth_experiments."""
