"""Tests of shop/payments/providers."""
