"""Migrations of spine_relay."""
