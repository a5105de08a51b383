"""Migrations of insight_identity."""
