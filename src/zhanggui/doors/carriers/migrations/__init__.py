"""Migrations of doors_sandbox."""
