"""Migrations of steer_plays."""
