"""Tests of shop/fulfilment."""
