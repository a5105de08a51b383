"""Migrations of base_outbox."""
