"""Tests of supply/stock."""
