"""Tests of shop/cart."""
