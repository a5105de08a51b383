"""Migrations of steer_signals."""
