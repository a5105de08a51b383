"""Migrations of base_accounts."""
