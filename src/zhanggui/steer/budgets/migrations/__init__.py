"""Migrations of this shelf."""
