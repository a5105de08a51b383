"""Migrations of steer_briefings."""
