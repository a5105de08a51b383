"""Migrations of base_jobs."""
