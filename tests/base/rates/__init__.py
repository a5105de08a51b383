"""Tests of rates."""
