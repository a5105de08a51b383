"""Migrations of base_operation."""
