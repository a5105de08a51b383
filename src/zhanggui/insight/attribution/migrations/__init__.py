"""Migrations of insight_attribution."""
