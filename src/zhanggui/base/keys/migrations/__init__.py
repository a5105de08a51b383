"""Migrations of base_keys."""
