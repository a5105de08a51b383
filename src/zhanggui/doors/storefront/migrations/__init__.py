"""Migrations of doors_storefront."""
