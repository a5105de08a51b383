"""Tests of shop/returns."""
