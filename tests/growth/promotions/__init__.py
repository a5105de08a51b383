"""Tests of growth/promotions."""
