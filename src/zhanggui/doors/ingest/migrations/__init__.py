"""Migrations of doors_ingest."""
