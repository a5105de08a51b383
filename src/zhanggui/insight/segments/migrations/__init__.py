"""Migrations of insight_segments."""
