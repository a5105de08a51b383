"""Migrations of spine_log."""
