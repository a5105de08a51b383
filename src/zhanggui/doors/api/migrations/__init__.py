"""Migrations of doors_api."""
