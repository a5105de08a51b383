"""Tests of shop/customers."""
