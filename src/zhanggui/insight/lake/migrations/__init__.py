"""Migrations of insight_lake."""
