"""Migrations of growth_referrals."""
