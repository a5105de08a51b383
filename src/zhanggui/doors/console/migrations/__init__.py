"""Migrations of doors_console."""
