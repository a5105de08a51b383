"""Migrations of growth_messages."""
