"""Migrations of base_audit."""
