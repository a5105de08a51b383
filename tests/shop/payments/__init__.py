"""Tests of shop/payments."""
