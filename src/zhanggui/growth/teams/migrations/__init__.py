"""Migrations of growth_teams."""
