"""Migrations of insight_boards."""
