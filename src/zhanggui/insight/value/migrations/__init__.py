"""Migrations of insight_value."""
