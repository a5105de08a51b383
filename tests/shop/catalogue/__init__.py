"""Tests of shop/catalogue."""
