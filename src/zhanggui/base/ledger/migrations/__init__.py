"""Migrations of base_ledger."""
