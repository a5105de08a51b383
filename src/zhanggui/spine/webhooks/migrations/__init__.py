"""Migrations of spine_webhooks."""
