"""Tests of shop/checkout."""
