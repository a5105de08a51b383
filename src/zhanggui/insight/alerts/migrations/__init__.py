"""Migrations of insight_alerts."""
