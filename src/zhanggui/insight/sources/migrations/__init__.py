"""Migrations of insight_sources."""
